#include "fetcher/transfer/transfer.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "fetcher/http/url.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

std::string protocol_of(const CurlEasy& easy) {
  switch (easy.info_long(CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0:
      return "HTTP/1.0";
    case CURL_HTTP_VERSION_1_1:
      return "HTTP/1.1";
    case CURL_HTTP_VERSION_2_0:
      return "HTTP/2";
    default:
      return "";
  }
}

}  // namespace

Transfer::Transfer(const TransferContext& context, PooledEasy easy, TransferRequest request,
                   BodyReceiver& receiver)
    : context_(context),
      easy_(std::move(easy)),
      request_(std::move(request)),
      receiver_(receiver),
      watched_{.origin = request_.target.origin,
               .limit = request_.low_speed_limit,
               .end = [this](std::string reason) { give_up(std::move(reason)); },
               .window = SpeedWindow(context.speeds.patience())} {}

Transfer::~Transfer() {
  context_.speeds.remove(watched_);
  context_.throttle.forget(easy_->get());
  context_.loop.remove(*easy_);
}

void Transfer::configure() {
  const Target& target = request_.target;
  easy_->set(CURLOPT_URL, target.url);
  // Rather wait for a connection that may carry many streams than open one for each request.
  // Without TLS none will, and curl would wait for one that has failed.
  easy_->set(CURLOPT_PIPEWAIT, target.url.starts_with("https:") ? 1L : 0L);
  configure_access();
  easy_->set(CURLOPT_HTTPHEADER, request_.headers.get());
  const std::string range = fmt::format("{}-", request_.offset);
  easy_->set(CURLOPT_RANGE, request_.offset == 0 ? nullptr : range.c_str());
  // An empty list stands for all that curl can inflate.
  easy_->set(CURLOPT_ACCEPT_ENCODING, request_.compressed ? "" : nullptr);
  easy_->set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  easy_->set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  easy_->set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  easy_->set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

void Transfer::configure_access() {
  const Target& target = request_.target;
  const bool known = !target.user.empty();
  easy_->set(CURLOPT_USERNAME, known ? target.user.c_str() : nullptr);
  easy_->set(CURLOPT_PASSWORD, known ? target.password.c_str() : nullptr);
  const bool sign = known && !request_.aws_sigv4.empty();
  easy_->set(CURLOPT_AWS_SIGV4, sign ? request_.aws_sigv4.c_str() : nullptr);
}

asio::awaitable<TransferResult> Transfer::run(Waits& waits) {
  Event done(co_await asio::this_coro::executor);
  done_ = &done;
  configure();
  context_.loop.start(*easy_, *this);
  context_.speeds.add(watched_);
  co_await waits.wait(done);
  if (error_) std::rethrow_exception(error_);
  if (code_ == CURLE_OK && !receiver_.begun()) receiver_.begin(head_);
  co_return result();
}

TransferResult Transfer::result() {
  TransferResult result{.code = code_, .head = std::move(head_)};
  if (!wants_more_) result.code = CURLE_OK;  // the failure was our own doing
  if (result.code != CURLE_OK) result.reason = redact_pins(easy_->error_text(result.code));
  result.location = easy_->info_text(CURLINFO_REDIRECT_URL);
  if (!slow_reason_.empty()) result.reason = slow_reason_;
  result.protocol = protocol_of(*easy_);
  if (easy_->info_long(CURLINFO_NUM_CONNECTS) > 0)
    result.connect_time = easy_->info_time(CURLINFO_CONNECT_TIME_T);
  note_proxy_answer(result);
  return result;
}

/// A proxy that does not open the way to the server says so with a status.
void Transfer::note_proxy_answer(TransferResult& result) const {
  constexpr long refusal = 300;
  const long status = easy_->info_long(CURLINFO_HTTP_CONNECTCODE);
  if (result.code == CURLE_OK || result.head.status != 0 || status < refusal) return;
  result.head.status = status;
  result.of_proxy = true;
}

void Transfer::finished(CURLcode code) noexcept {
  context_.speeds.remove(watched_);
  code_ = code;
  done_->set();
}

void Transfer::give_up(std::string reason) noexcept {
  slow_reason_ = std::move(reason);
  context_.loop.remove(*easy_);
  finished(CURLE_OPERATION_TIMEDOUT);
}

std::size_t Transfer::on_header(const char* data, std::size_t, std::size_t size,
                                void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.context_.loop.note_progress();
  transfer.context_.speeds.received(transfer.watched_, size);
  try {
    transfer.head_.take_line({data, size});
    return size;
  } catch (...) {
    transfer.error_ = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

std::size_t Transfer::on_body(const char* data, std::size_t, std::size_t size,
                              void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.context_.throttle.may_take(transfer.easy_->get())) {
    transfer.context_.speeds.held_back();
    return CURL_WRITEFUNC_PAUSE;
  }
  try {
    transfer.take_body(as_bytes({data, size}));
  } catch (...) {
    transfer.error_ = std::current_exception();
    transfer.wants_more_ = false;
  }
  return transfer.wants_more_ ? size : CURL_WRITEFUNC_ERROR;
}

void Transfer::take_body(ByteView bytes) {
  context_.traffic.count_received(bytes.size());
  context_.throttle.took(bytes.size());
  context_.loop.note_progress();
  context_.speeds.received(watched_, bytes.size());
  if (!receiver_.begun()) {
    receiver_.begin(head_);
    body_.open(context_.traffic, head_.content_length.value_or(0));
  }
  body_.count(bytes.size());
  wants_more_ = receiver_.write(bytes);
  context_.traffic.check_limit();
}

}  // namespace xylem::fetcher
