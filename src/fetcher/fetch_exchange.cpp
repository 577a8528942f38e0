// The half of FetchJob that deals with one exchange; fetch_job.cpp strings them together.

#include "fetcher/fetch_job.hpp"
#include "fetcher/request_headers.hpp"
#include "fetcher/url.hpp"
#include "fetcher/width.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr long not_modified = 304;

bool has_body(ResumeAnswer answer) {
  return answer == ResumeAnswer::Whole || answer == ResumeAnswer::Continued ||
         answer == ResumeAnswer::Complete;
}

}  // namespace

void FetchJob::forget_partial() {
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
  if (target.url.starts_with("file:")) return {};
  const auto& record = file_.partial->record();
  return {.offset = file_.partial->size(),
          .record = record,
          .same_url = record && record->url == redact_url(target.url)};
}

asio::awaitable<FetchJob::Exchange> FetchJob::exchange(Target target, Admission& admission) {
  ++context_.stats.requests;
  const ResumePoint point = resume_point(target);
  BodyReceiver receiver(file_, point, redact_url(target.url), request_.max_size, admission.share);
  TransferRequest request;
  request.headers = request_headers(context_.options.headers, target.trusted, request_, point);
  request.offset = point.offset;
  request.target = std::move(target);
  Transfer transfer(*context_.loop, context_.pool.take(), std::move(request), receiver,
                    context_.stats.bytes_received);
  Exchange done;
  try {
    done.result = co_await transfer.run(context_.waits);
  } catch (...) {
    receiver.save();
    throw;
  }
  if (done.result.http2)
    context_.queue.set_width(request_width(context_.options.max_requests, true));
  take_body(done, receiver, point);
  co_return done;
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
  std::string url = redact_url(target.url);
  if (exchange.body)
    return Response{.body = std::move(*exchange.body),
                    .validators = head.validators,
                    .url = std::move(url),
                    .cache_story = head.cache_story};
  if (head.status == not_modified && request_.unless_modified)
    return Response{.not_modified = true,
                    .validators = head.validators,
                    .url = std::move(url),
                    .cache_story = head.cache_story};
  return failure_of(exchange.result, std::move(url));
}

}  // namespace xylem::fetcher
