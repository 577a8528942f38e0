#include "fetcher/exchange.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "fetcher/request_headers.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr long not_modified = 304;

bool promises_body(ResumeAnswer answer) {
  return answer == ResumeAnswer::Whole || answer == ResumeAnswer::Continued ||
         answer == ResumeAnswer::Complete;
}

bool is_file(const Target& target) {
  return target.url.starts_with("file:");
}

}  // namespace

Exchange::Exchange(FetchContext& context, const Request& request, BodyFile& file,
                   const Target& target, Extent extent)
    : context_(context), request_(request), file_(file), target_(target), point_(resume_point()) {
  if (extent == Extent::Whole) point_ = {};
}

/// A file that may change between two answers is continued only where its version is known: by what
/// the server said of it, or because both answers belong to this fetch.
bool Exchange::may_continue() const {
  if (!request_.may_change) return true;
  const auto& record = file_.partial->record();
  if (!record || record->url != target_.shown) return false;
  return file_.begun_here || !record->validators.empty();
}

/// Where to continue. A `file:` URL is always read from its beginning, which costs no network. A
/// partial file without a name of its own is not continued either: nobody checks what pieces of
/// different answers make together.
ResumePoint Exchange::resume_point() {
  if (!file_.keep) return {};
  if (!file_.partial) file_.partial = file_.directory.open_partial(file_.name);
  if (!file_.partial) return {};
  if (request_.max_size != 0 && file_.partial->size() > request_.max_size) {
    file_.forget();
    return {};
  }
  if (is_file(target_) || !may_continue()) return {};
  const auto& record = file_.partial->record();
  return {.offset = file_.partial->size(),
          .record = record,
          .same_url = record && record->url == target_.shown};
}

/// Who can ask another mirror need not put up with a slow one. A limit of 0 is none.
std::uint32_t Exchange::low_speed_limit() const {
  const std::uint32_t limit = context_.options.low_speed_limit_bytes;
  return limit != 0 && request_.urls.size() > 1 ? std::max(limit, usual_speed) : limit;
}

TransferRequest Exchange::transfer_request() {
  const FetcherOptions& options = context_.options;
  TransferRequest request{
      .target = target_,
      .headers = request_headers(options.headers, target_.trusted, request_, point_),
      .offset = point_.offset,
      .aws_sigv4 = options.aws_sigv4,
      .low_speed_limit = low_speed_limit(),
      .compressed = request_.compressed && point_.offset == 0};
  // What is not asked for compressed is compressed already.
  if (!request.compressed) request.headers.append("Accept-Encoding: identity");
  token_ = context_.routes.token(target_);
  if (!token_.empty()) request.headers.append("Authorization: " + token_);
  return request;
}

asio::awaitable<TransferResult> Exchange::transfer(BodyReceiver& receiver) {
  if (is_file(target_)) return context_.transport.read_file(target_.url, receiver);
  return context_.transport.send(transfer_request(), receiver);
}

// One exchange, in this order: find out what an earlier attempt left on disk, send the request for
// the rest, and let the receiver store the body while it arrives. Then the width learns from the
// answer, before the body is judged: a truncated answer has used the network, too. The body is
// finished last but for the report, since only then a transfer that curl is content with may still
// turn out to be a failure.
asio::awaitable<void> Exchange::run(BudgetShare& share, Place place) {
  context_.traffic.count_request();
  BodyReceiver receiver(file_, point_, target_.shown, request_.max_size, share);
  const auto began = std::chrono::steady_clock::now();
  result_ = co_await transfer(receiver);
  if (result_.code == CURLE_OK) receiver.end();
  context_.queue.finished(result_);
  const std::uint64_t bytes = receiver.size() - std::min(receiver.size(), point_.offset);
  take_body(receiver);
  report(place, bytes, std::chrono::steady_clock::now() - began);
}

void Exchange::fail(CURLcode code, std::string reason) {
  result_.code = code;
  result_.reason = std::move(reason);
}

void Exchange::take_body(BodyReceiver& receiver) {
  answer_ = receiver.answer();
  if (result_.code != CURLE_OK) return receiver.save();
  result_.page = answer_ == ResumeAnswer::Page;
  if (result_.page) return fail(CURLE_WEIRD_SERVER_REPLY, "a web page came in place of the file");
  if (answer_ == ResumeAnswer::Refused)
    return fail(CURLE_RANGE_ERROR, "the server sent another range than the requested one");
  if (!promises_body(answer_)) return;
  if (!receiver.complete())
    return fail(CURLE_PARTIAL_FILE, "the server sent less than it announced");
  if (answer_ != ResumeAnswer::Whole) context_.traffic.count_resumed(point_.offset);
  body_ = receiver.finish();
}

void Exchange::report(Place place, std::uint64_t bytes,
                      std::chrono::steady_clock::duration time) const {
  const auto& observer = context_.options.observer;
  if (!observer && !log_enabled(LogLevel::Info)) return;
  const ExchangeReport report{.url = target_.shown,
                              .status = result_.head.status,
                              .bytes = bytes,
                              .offset = point_.offset,
                              .time = time,
                              .attempt = place.attempt,
                              .mirror = place.mirror,
                              .protocol = result_.protocol,
                              .failure = result_.code == CURLE_OK ? "" : result_.reason,
                              .optional = request_.optional};
  log_info("{}", describe(report));
  if (observer) observer(report);
}

/// Other statuses between them mean something else, whatever `Location` they come with.
std::string Exchange::location() const {
  switch (result_.head.status) {
    case 300:
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return result_.of_proxy ? "" : result_.location;
    default:
      return "";
  }
}

bool Exchange::turned_down_range() const {
  constexpr long least = 400;
  constexpr long most = 501;  // what comes behind is a server that has too much to do
  const long status = result_.head.status;
  if (point_.offset == 0 || body_ || result_.of_proxy || status < least || status > most)
    return false;
  return !is_login_refusal(status) && !is_overload(status);
}

bool Exchange::unauthorized() const {
  constexpr long unauthorized = 401;
  return result_.head.status == unauthorized;
}

bool Exchange::refused_by_proxy() const {
  constexpr long proxy_unauthorized = 407;
  return result_.head.status == proxy_unauthorized;
}

Outcome Exchange::outcome() {
  const ResponseHead& head = result_.head;
  const bool unchanged = head.status == not_modified && request_.unless_modified;
  if (!body_ && !unchanged) return failure();
  Response response{.not_modified = !body_,
                    .validators = head.validators,
                    .url = target_.shown,
                    .cache_headers = head.cache_headers};
  if (body_) response.body = std::move(*body_);
  return response;
}

}  // namespace xylem::fetcher
