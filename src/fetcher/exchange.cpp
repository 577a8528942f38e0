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
                   const Target& target)
    : context_(context), request_(request), file_(file), target_(target), point_(resume_point()) {}

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
  if (is_file(target_)) return {};
  const auto& record = file_.partial->record();
  return {.offset = file_.partial->size(),
          .record = record,
          .same_url = record && record->url == target_.shown};
}

TransferRequest Exchange::transfer_request() {
  const FetcherOptions& options = context_.options;
  TransferRequest request{
      .target = target_,
      .headers = request_headers(options.headers, target_.trusted, request_, point_),
      .offset = point_.offset,
      .aws_sigv4 = options.aws_sigv4};
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
  if (!result_.protocol.empty()) context_.queue.saw_protocol(result_.http2());
  const std::uint64_t bytes = receiver.size() - std::min(receiver.size(), point_.offset);
  context_.queue.finished(bytes);
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
                              .failure = result_.code == CURLE_OK ? "" : result_.reason};
  log_info("{}", describe(report));
  if (observer) observer(report);
}

std::string Exchange::location() const {
  const bool redirect = result_.head.status >= 300 && result_.head.status < 400;
  return redirect ? result_.location : "";
}

bool Exchange::unauthorized() const {
  constexpr long unauthorized = 401;
  return result_.head.status == unauthorized;
}

Outcome Exchange::outcome() {
  const ResponseHead& head = result_.head;
  const bool unchanged = head.status == not_modified && request_.unless_modified;
  if (!body_ && !unchanged) return failure_of(result_, target_.shown);
  Response response{.not_modified = !body_,
                    .validators = head.validators,
                    .url = target_.shown,
                    .cache_headers = head.cache_headers};
  if (body_) response.body = std::move(*body_);
  return response;
}

}  // namespace xylem::fetcher
