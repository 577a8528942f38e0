// The half of FetchJob that deals with one exchange; fetch_job.cpp strings them together.

#include <algorithm>

#include "base/log.hpp"
#include "fetcher/fetch_job.hpp"
#include "fetcher/request_headers.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr long not_modified = 304;

bool has_body(ResumeAnswer answer) {
  return answer == ResumeAnswer::Whole || answer == ResumeAnswer::Continued ||
         answer == ResumeAnswer::Complete;
}

bool is_file(const Target& target) {
  return target.url.starts_with("file:");
}

}  // namespace

void FetchJob::forget_partial() {
  if (file_.partial) file_.partial->dismiss_watcher();
  file_.partial.reset();
  file_.directory.remove(file_.name);
}

ResumePoint FetchJob::resume_point(const Target& target) {
  // Without a name of its own nobody checks what the pieces make, so they must not be mixed.
  if (!file_.keep) return {};
  if (!file_.partial) file_.partial = file_.directory.open_partial(file_.name);
  if (!file_.partial) return {};
  if (request_.max_size != 0 && file_.partial->size() > request_.max_size) {
    forget_partial();
    return {};
  }
  if (is_file(target)) return {};
  const auto& record = file_.partial->record();
  return {.offset = file_.partial->size(),
          .record = record,
          .same_url = record && record->url == target.shown};
}

TransferRequest FetchJob::transfer_request(const Target& target, const ResumePoint& point) {
  TransferRequest request{.target = target};
  const auto& options = context_.options;
  request.headers = request_headers(options.headers, target.trusted, request_, point);
  token_ = target.trusted ? context_.authorization.value(target.shown) : "";
  if (!token_.empty()) request.headers.append("Authorization: " + token_);
  request.offset = point.offset;
  request.aws_sigv4 = options.aws_sigv4;
  return request;
}

bool FetchJob::renew_authorization(const Target& target, long status) {
  constexpr long unauthorized = 401;
  if (status != unauthorized || !target.trusted || renewed_) return false;
  renewed_ = true;
  return context_.authorization.renew(target.shown, token_);
}

asio::awaitable<TransferResult> FetchJob::transfer(const Target& target, const ResumePoint& point,
                                                   BodyReceiver& receiver) {
  if (is_file(target))
    co_return co_await context_.files.read(target.url, receiver, context_.waits,
                                           context_.stats.bytes_received);
  Transfer transfer(context_.transfers(), context_.pool.take(), transfer_request(target, point),
                    receiver);
  try {
    co_return co_await transfer.run(context_.waits);
  } catch (...) {
    receiver.save();
    throw;
  }
}

asio::awaitable<FetchJob::Exchange> FetchJob::exchange(const Target& target, Admission& admission) {
  ++context_.stats.requests;
  const ResumePoint point = resume_point(target);
  BodyReceiver receiver(file_, point, target.shown, request_.max_size, admission.share);
  const SteadyTime began = std::chrono::steady_clock::now();
  Exchange done;
  done.result = co_await transfer(target, point, receiver);
  if (!done.result.protocol.empty()) context_.saw_protocol(done.result.http2());
  const std::uint64_t bytes = receiver.size() - std::min(receiver.size(), point.offset);
  context_.adapt_width(bytes);
  take_body(done, receiver, point);
  report(done.result, target, point, bytes, began);
  co_return done;
}

void FetchJob::report(const TransferResult& result, const Target& target, const ResumePoint& point,
                      std::uint64_t bytes, SteadyTime began) const {
  const auto& observer = context_.options.observer;
  if (!observer && !log_enabled(LogLevel::Info)) return;
  const ExchangeReport report{.url = target.shown,
                              .status = result.head.status,
                              .bytes = bytes,
                              .offset = point.offset,
                              .time = std::chrono::steady_clock::now() - began,
                              .attempt = attempts_,
                              .mirror = cursor_.current(),
                              .protocol = result.protocol,
                              .failure = result.code == CURLE_OK ? "" : result.reason};
  log_info("{}", describe(report));
  if (observer) observer(report);
}

void FetchJob::take_body(Exchange& exchange, BodyReceiver& receiver, const ResumePoint& point) {
  TransferResult& result = exchange.result;
  exchange.answer = receiver.answer();
  if (result.code != CURLE_OK) return receiver.save();
  if (exchange.answer == ResumeAnswer::Refused) {
    result.code = CURLE_RANGE_ERROR;
    result.reason = "the server sent another range than it was asked for";
  } else if (has_body(exchange.answer) && !receiver.complete()) {
    result.code = CURLE_PARTIAL_FILE;
    result.reason = "the server sent less than it announced";
  } else if (has_body(exchange.answer)) {
    if (exchange.answer != ResumeAnswer::Whole) context_.stats.bytes_resumed += point.offset;
    exchange.body = receiver.finish();
  }
}

FetchJob::Outcome FetchJob::conclude(Exchange exchange, const Target& target) const {
  const ResponseHead& head = exchange.result.head;
  const std::string& url = target.shown;
  if (exchange.body)
    return Response{.body = std::move(*exchange.body),
                    .validators = head.validators,
                    .url = url,
                    .cache_story = head.cache_story};
  if (head.status == not_modified && request_.unless_modified)
    return Response{.not_modified = true,
                    .validators = head.validators,
                    .url = url,
                    .cache_story = head.cache_story};
  return failure_of(exchange.result, url);
}

}  // namespace xylem::fetcher
