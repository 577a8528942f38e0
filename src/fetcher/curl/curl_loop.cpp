#include "fetcher/curl/curl_loop.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <new>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

CurlLoop::CurlLoop(asio::any_io_executor executor, const ConnectionLimits& limits)
    : executor_(std::move(executor)),
      limits_(limits),
      timer_(executor_,
             [this] {
               const auto self = shared_from_this();
               act(CURL_SOCKET_TIMEOUT, 0);
             }),
      watchdog_(executor_, limits.patience, [this] { tear_down_connections(); }) {
  multi_.set(CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  multi_.set(CURLMOPT_SOCKETDATA, this);
  multi_.set(CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  multi_.set(CURLMOPT_TIMERDATA, this);
  multi_.set(CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  multi_.set(CURLMOPT_MAX_HOST_CONNECTIONS, limits.per_host);
  multi_.set(CURLMOPT_MAX_CONCURRENT_STREAMS, limits.streams);
  multi_.set(CURLMOPT_MAXCONNECTS, 2 * limits.per_host);
}

void CurlLoop::expect_http2(bool everywhere) {
  multi_.set(CURLMOPT_MAX_HOST_CONNECTIONS, everywhere ? limits_.per_host_http2 : limits_.per_host);
}

void CurlLoop::start(CurlEasy& easy, Client& client) {
  easy.set(CURLOPT_OPENSOCKETFUNCTION, &CurlLoop::on_open);
  easy.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  easy.set(CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::on_close);
  easy.set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
  if (running_.empty()) watchdog_.start();
  running_.emplace(easy.get(), &client);
  try {
    multi_.add(easy.get());
  } catch (...) {
    running_.erase(easy.get());
    throw;
  }
}

void CurlLoop::remove(CurlEasy& easy) noexcept {
  if (running_.erase(easy.get()) == 0) return;
  multi_.remove(easy.get());
}

curl_socket_t CurlLoop::on_open(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  try {
    static_cast<CurlLoop*>(self)->sockets_.insert(fd);
  } catch (const std::bad_alloc&) {
    // Then it is not torn down early; its own time limit remains.
  }
  return fd;
}

int CurlLoop::on_close(void* self, curl_socket_t fd) noexcept {
  auto& loop = *static_cast<CurlLoop*>(self);
  loop.sockets_.erase(fd);
  loop.forget(fd);
  return ::close(fd);
}

void CurlLoop::tear_down_connections() {
  if (running_.empty()) return;
  log_info("No data arrives from the network: closing {} connections", sockets_.size());
  for (const curl_socket_t fd : sockets_) ::shutdown(fd, SHUT_RDWR);
}

int CurlLoop::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) noexcept {
  auto& loop = *static_cast<CurlLoop*>(self);
  try {
    loop.watch(fd, what);
    return 0;
  } catch (...) {
    loop.callback_error_ = std::current_exception();
    return -1;
  }
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  auto& loop = *static_cast<CurlLoop*>(self);
  try {
    loop.set_timer(milliseconds);
    return 0;
  } catch (...) {
    loop.callback_error_ = std::current_exception();
    return -1;
  }
}

void CurlLoop::watch(curl_socket_t fd, int what) {
  const auto known = watchers_.find(fd);
  if (what == CURL_POLL_REMOVE) {
    // The next transfer most likely uses the same connection. Of sockets that are not connections
    // (curl's resolver has some) we are not told when they are closed.
    if (!sockets_.contains(fd)) return forget(fd);
    if (known != watchers_.end()) known->second->watch(CURL_POLL_NONE);
    return;
  }
  auto& watcher = known != watchers_.end() ? known->second : watchers_[fd];
  if (!watcher)
    watcher = std::make_shared<SocketWatcher>(
        executor_, fd, [weak = weak_from_this()](curl_socket_t ready, int events) {
          if (const auto self = weak.lock()) self->act(ready, events);
        });
  watcher->watch(what);
}

void CurlLoop::forget(curl_socket_t fd) noexcept {
  const auto known = watchers_.find(fd);
  if (known == watchers_.end()) return;
  known->second->stop();
  watchers_.erase(known);
}

void CurlLoop::set_timer(long milliseconds) {
  if (milliseconds < 0)
    timer_.clear();
  else
    timer_.set(std::chrono::milliseconds(milliseconds));
}

void CurlLoop::act(curl_socket_t fd, int events) noexcept {
  try {
    multi_.socket_action(fd, events);
    report_done();
    if (callback_error_) std::rethrow_exception(std::exchange(callback_error_, nullptr));
  } catch (const std::exception& error) {
    log_warning("The network loop failed: {}", error.what());
    fail_all();
  }
}

void CurlLoop::report_done() {
  while (const auto done = multi_.next_done()) {
    const auto running = running_.find(done->easy);
    if (running == running_.end()) continue;
    Client* client = running->second;
    running_.erase(running);
    multi_.remove(done->easy);
    client->finished(done->code);
  }
}

void CurlLoop::go_idle() noexcept {
  watchdog_.stop();
  timer_.stop();
  for (const auto& [fd, watcher] : std::exchange(watchers_, {})) watcher->stop();
}

void CurlLoop::fail_all() noexcept {
  for (const auto& [easy, client] : std::exchange(running_, {})) {
    multi_.remove(easy);
    client->finished(CURLE_ABORTED_BY_CALLBACK);
  }
}

}  // namespace xylem::fetcher
