#include "support/relay.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "support/loopback.hpp"

namespace xylem::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;

namespace {

constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t most_on_the_way = 8 * 1024 * 1024;

/// What the connections ask about while they run.
struct Weather {
  std::atomic<bool> frozen{false};
  std::atomic<bool> refusing{false};
  std::atomic<std::uint64_t> cut_after{0};
  std::atomic<std::size_t> connections{0};
};

/// Both directions of one connection. Lives as long as one of its coroutines.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(tcp::socket client, Weather& weather, Duration one_way)
      : client_(std::move(client)),
        server_(client_.get_executor()),
        weather_(weather),
        one_way_(one_way) {}

  asio::awaitable<void> run(tcp::endpoint target) {
    const auto self = shared_from_this();
    co_await server_.async_connect(target, asio::use_awaitable);
    client_.set_option(tcp::no_delay(true));
    server_.set_option(tcp::no_delay(true));
    start(client_, server_, 3 * one_way_, false);
    start(server_, client_, one_way_, true);
  }

  void reset() {
    boost::system::error_code ignored;
    for (tcp::socket* socket : {&client_, &server_}) {
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }

 private:
  struct Piece {
    std::string bytes;
    Clock::time_point due;
  };
  /// Bytes of one direction on their way.
  struct Pipe {
    explicit Pipe(const asio::any_io_executor& executor) : changed(executor) {}
    std::deque<Piece> pieces;
    std::size_t size = 0;
    bool closed = false;
    asio::steady_timer changed;
  };

  void start(tcp::socket& from, tcp::socket& to, Duration first_delay, bool counted) {
    const auto executor = from.get_executor();
    const auto pipe = std::make_shared<Pipe>(executor);
    asio::co_spawn(executor, guarded(read(from, pipe, first_delay, counted)), asio::detached);
    asio::co_spawn(executor, guarded(write(to, pipe)), asio::detached);
  }

  /// A failure of one side is told to the other.
  asio::awaitable<void> guarded(asio::awaitable<void> work) {
    const auto self = shared_from_this();
    try {
      co_await std::move(work);
    } catch (const boost::system::system_error&) {
      reset();
    }
  }

  static asio::awaitable<void> wait(asio::steady_timer& timer, Clock::time_point until) {
    timer.expires_at(until);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::awaitable<void> thaw() {
    asio::steady_timer timer(client_.get_executor());
    while (weather_.frozen && client_.is_open())
      co_await wait(timer, Clock::now() + std::chrono::milliseconds(10));
  }

  asio::awaitable<void> read(tcp::socket& from, std::shared_ptr<Pipe> pipe, Duration delay,
                             bool counted) {
    std::string buffer(piece_size, '\0');
    for (boost::system::error_code end; !end;) {
      const std::size_t size = co_await from.async_read_some(
          asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
      if (end && end != asio::error::eof) throw boost::system::system_error(end);
      pipe->pieces.push_back({buffer.substr(0, size), Clock::now() + delay});
      pipe->size += size;
      pipe->closed = static_cast<bool>(end);
      pipe->changed.cancel();
      delay = one_way_;
      if (counted) count(size);
      while (pipe->size > most_on_the_way && from.is_open())
        co_await wait(pipe->changed, Clock::now() + std::chrono::milliseconds(5));
    }
  }

  asio::awaitable<void> write(tcp::socket& to, std::shared_ptr<Pipe> pipe) {
    asio::steady_timer timer(to.get_executor());
    while (to.is_open()) {
      if (pipe->pieces.empty()) {
        if (pipe->closed) break;
        co_await wait(pipe->changed, Clock::now() + std::chrono::seconds(1));
        continue;
      }
      const Piece piece = std::move(pipe->pieces.front());
      pipe->pieces.pop_front();
      if (piece.due > Clock::now()) co_await wait(timer, piece.due);
      co_await thaw();
      co_await asio::async_write(to, asio::buffer(piece.bytes), asio::use_awaitable);
      pipe->size -= piece.bytes.size();
    }
    if (to.is_open()) to.shutdown(tcp::socket::shutdown_send);
  }

  void count(std::size_t size) {
    received_ += size;
    const std::uint64_t limit = weather_.cut_after;
    if (limit != 0 && received_ >= limit) reset();
  }

  tcp::socket client_;
  tcp::socket server_;
  Weather& weather_;
  Duration one_way_;
  std::uint64_t received_ = 0;
};

}  // namespace

class Relay::Impl {
 public:
  Impl(std::uint16_t target, Duration round_trip, std::uint16_t port)
      : target_(loopback(target)),
        one_way_(round_trip / 2),
        acceptor_(io_, loopback(port)),
        port_(acceptor_.local_endpoint().port()),
        thread_([this] {
          asio::co_spawn(io_, accept(), asio::detached);
          io_.run();
        }) {}

  ~Impl() {
    asio::post(io_, [this] { io_.stop(); });
    thread_.join();
  }

  void cut() {
    asio::post(io_, [this] {
      for (const auto& weak : links_)
        if (const auto link = weak.lock()) link->reset();
      links_.clear();
    });
  }

  Weather weather;
  std::uint16_t port() const { return port_; }

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket client = co_await acceptor_.async_accept(asio::use_awaitable);
      ++weather.connections;
      const auto link = std::make_shared<Link>(std::move(client), weather, one_way_);
      if (weather.refusing) {
        link->reset();
        continue;
      }
      std::erase_if(links_, [](const auto& weak) { return weak.expired(); });
      links_.push_back(link);
      asio::co_spawn(io_, link->run(target_), asio::detached);
    }
  }

  asio::io_context io_{1};
  const tcp::endpoint target_;
  const Duration one_way_;
  tcp::acceptor acceptor_;
  const std::uint16_t port_;
  std::vector<std::weak_ptr<Link>> links_;
  std::thread thread_;
};

Relay::Relay(std::uint16_t target, std::chrono::milliseconds round_trip, std::uint16_t port)
    : impl_(std::make_unique<Impl>(target, round_trip, port)) {}

Relay::~Relay() = default;

std::uint16_t Relay::port() const {
  return impl_->port();
}

void Relay::cut() {
  impl_->cut();
}

void Relay::cut_after(std::uint64_t bytes) {
  impl_->weather.cut_after = bytes;
}

void Relay::freeze(bool frozen) {
  impl_->weather.frozen = frozen;
}

void Relay::refuse(bool refusing) {
  impl_->weather.refusing = refusing;
}

std::size_t Relay::connections() const {
  return impl_->weather.connections;
}

}  // namespace xylem::test
