#include "fetcher/transfer.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace xylem::fetcher {

namespace asio = boost::asio;

Transfer::Transfer(CurlLoop& loop, PooledEasy easy, TransferRequest request, BodyReceiver& receiver,
                   std::uint64_t& bytes_received)
    : loop_(loop),
      easy_(std::move(easy)),
      request_(std::move(request)),
      receiver_(receiver),
      bytes_received_(bytes_received) {}

void Transfer::configure() {
  const Target& target = request_.target;
  easy_->set(CURLOPT_URL, target.url);
  easy_->set(CURLOPT_USERNAME, target.user.empty() ? nullptr : target.user.c_str());
  easy_->set(CURLOPT_PASSWORD, target.user.empty() ? nullptr : target.password.c_str());
  easy_->set(CURLOPT_HTTPHEADER, request_.headers.get());
  const std::string range = fmt::format("{}-", request_.offset);
  easy_->set(CURLOPT_RANGE, request_.offset == 0 ? nullptr : range.c_str());
  easy_->set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  easy_->set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  easy_->set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  easy_->set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

asio::awaitable<TransferResult> Transfer::run(Waits& waits) {
  Event done(co_await asio::this_coro::executor);
  done_ = &done;
  configure();
  loop_.start(*easy_, *this);
  co_await waits.wait(done);
  if (error_) std::rethrow_exception(error_);
  if (code_ == CURLE_OK && !receiver_.begun()) receiver_.begin(head_);
  co_return result();
}

TransferResult Transfer::result() {
  TransferResult result{.code = code_, .head = std::move(head_)};
  if (!wants_more_) result.code = CURLE_OK;  // the failure was our own doing
  if (result.code != CURLE_OK) result.reason = easy_->error_text(result.code);
  result.location = easy_->info_text(CURLINFO_REDIRECT_URL);
  result.http2 = easy_->info_long(CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_2_0;
  return result;
}

void Transfer::finished(CURLcode code) noexcept {
  code_ = code;
  done_->set();
}

std::size_t Transfer::on_header(const char* data, std::size_t, std::size_t size,
                                void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
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
  try {
    transfer.take_body(as_bytes({data, size}));
  } catch (...) {
    transfer.error_ = std::current_exception();
    transfer.wants_more_ = false;
  }
  return transfer.wants_more_ ? size : CURL_WRITEFUNC_ERROR;
}

void Transfer::take_body(ByteView bytes) {
  bytes_received_ += bytes.size();
  if (!receiver_.begun()) receiver_.begin(head_);
  wants_more_ = receiver_.write(bytes);
}

}  // namespace xylem::fetcher
