#pragma once

/// \file
/// One HTTP exchange: a request, the head of its response, its body to a receiver.

#include <boost/asio/awaitable.hpp>
#include <exception>
#include <string>

#include "fetcher/body_receiver.hpp"
#include "fetcher/curl_loop.hpp"
#include "fetcher/easy_pool.hpp"
#include "fetcher/event.hpp"
#include "fetcher/target.hpp"

namespace xylem::fetcher {

struct TransferRequest {
  Target target;
  CurlList headers;          ///< Besides what curl sends on its own.
  std::uint64_t offset = 0;  ///< First byte to ask for; 0 asks for the whole body.
};

struct TransferResult {
  CURLcode code = CURLE_OK;
  std::string reason;  ///< What curl says, if it failed.
  ResponseHead head;
  std::string location;  ///< Absolute, if the response is a redirect.
  bool http2 = false;
};

/// One thread. The destructor ends it if it runs.
class Transfer final : CurlLoop::Client {
 public:
  /// Everything is borrowed but the handle. `bytes_received` is counted up.
  Transfer(CurlLoop& loop, PooledEasy easy, TransferRequest request, BodyReceiver& receiver,
           std::uint64_t& bytes_received);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() { loop_.remove(*easy_); }

  /// Once. Throws Error(Cancelled), and whatever the receiver threw.
  boost::asio::awaitable<TransferResult> run(Waits& waits);

 private:
  static std::size_t on_header(const char* data, std::size_t one, std::size_t size,
                               void* self) noexcept;
  static std::size_t on_body(const char* data, std::size_t one, std::size_t size,
                             void* self) noexcept;

  void configure();
  void finished(CURLcode code) noexcept override;
  void take_body(ByteView bytes);
  TransferResult result();

  CurlLoop& loop_;
  PooledEasy easy_;
  TransferRequest request_;
  BodyReceiver& receiver_;
  std::uint64_t& bytes_received_;
  ResponseHead head_;
  bool wants_more_ = true;
  std::exception_ptr error_;
  CURLcode code_ = CURLE_OK;
  Event* done_ = nullptr;
};

}  // namespace xylem::fetcher
