#pragma once

/// \file
/// Room `fetcher/transfer`: one request on the wire: sent, timed, held to a rate, received. Knows
/// nothing of tries, mirrors, OSTree objects.
///
/// One HTTP exchange: a request, the head of its response, its body to a receiver.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "fetcher/curl/curl_loop.hpp"
#include "fetcher/download/body_receiver.hpp"
#include "fetcher/http/url.hpp"
#include "fetcher/transfer/easy_pool.hpp"
#include "fetcher/transfer/speed_watch.hpp"
#include "fetcher/transfer/throttle.hpp"
#include "fetcher/transfer/traffic.hpp"
#include "task/event.hpp"

namespace xylem::fetcher {

struct TransferRequest {
  const Target& target;      ///< Borrowed until Transfer::run() has begun.
  CurlList headers;          ///< Besides what curl sends on its own.
  std::uint64_t offset = 0;  ///< First byte to ask for; 0 asks for the whole body.
  std::string aws_sigv4;     ///< As FetcherOptions::aws_sigv4.
  /// Bytes a second that all transfers from the server have to bring together; 0 is no limit.
  std::uint32_t low_speed_limit = 0;
  bool compressed = false;  ///< As Request::compressed.
};

/// What all transfers of a fetcher share; borrowed.
struct TransferContext {
  CurlLoop& loop;
  Throttle& throttle;
  Traffic& traffic;
  SpeedWatch& speeds;
};

struct TransferResult {
  CURLcode code = CURLE_OK;
  std::string reason;  ///< What curl says, if it failed.
  ResponseHead head;
  std::string location;  ///< Absolute, if the response is a redirect.
  std::string protocol;  ///< "HTTP/1.1", "HTTP/2"; empty if there was no answer.
  /// How long it took to connect; nothing if a connection was used again.
  std::optional<std::chrono::microseconds> connect_time{};
  bool of_proxy = false;  ///< The status is a proxy's answer to CONNECT.
  bool page = false;      ///< A web page came in place of the file.
  bool http2() const { return protocol == "HTTP/2"; }
};

/// One thread. The destructor ends it if it runs.
// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): it is final.
class Transfer final : CurlLoop::Client {
 public:
  /// The receiver is borrowed.
  Transfer(const TransferContext& context, PooledEasy easy, TransferRequest request,
           BodyReceiver& receiver);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer();

  /// Once. Throws Error(Cancelled), and whatever the receiver threw.
  boost::asio::awaitable<TransferResult> run(Waits& waits);

 private:
  static std::size_t on_header(const char* data, std::size_t one, std::size_t size,
                               void* self) noexcept;
  static std::size_t on_body(const char* data, std::size_t one, std::size_t size,
                             void* self) noexcept;

  void configure();
  void finished(CURLcode code) noexcept override;
  void configure_access();
  void take_body(ByteView bytes);
  void give_up(std::string reason) noexcept;
  TransferResult result();
  void note_proxy_answer(TransferResult& result) const;

  TransferContext context_;
  PooledEasy easy_;
  TransferRequest request_;
  BodyReceiver& receiver_;
  ResponseHead head_;
  Traffic::OpenBody body_;
  bool wants_more_ = true;
  std::exception_ptr error_;
  CURLcode code_ = CURLE_OK;
  std::string slow_reason_;  ///< It was ended because of that; empty if it was not.
  WatchedTransfer watched_;
  Event* done_ = nullptr;
};

}  // namespace xylem::fetcher
