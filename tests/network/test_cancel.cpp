// A pull that is cancelled ends at once, whatever it waits for.

#include <dlfcn.h>
#include <fmt/format.h>
#include <netdb.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <latch>

#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "cancelled_pull.hpp"
#include "repo/locks/lock.hpp"
#include "support/loopback.hpp"
#include "support/relay.hpp"

using namespace xylem;
using namespace xylem::test;
using boost::asio::ip::tcp;
using std::chrono::milliseconds;

namespace {

/// Looking up the name below takes until the test lets it go.
struct Resolver {
  std::atomic<bool> asked{false};
  std::latch released{1};
};
Resolver resolver;

constexpr const char* hanging_name = "hangs.invalid";

}  // namespace

/// In place of libc's, for libcurl, too.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  if (node != nullptr && std::strcmp(node, hanging_name) == 0) {
    resolver.asked = true;
    resolver.released.wait();
    return EAI_AGAIN;
  }
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, result);
}

namespace {

const SourceRepo& source() {
  static const SourceRepo repo;
  return repo;
}

/// Far below every time limit of the pulls here, and far above what a busy machine needs.
void check_soon(milliseconds time) {
  WARN("ended " << time.count() << " ms after it was cancelled");
  CHECK(time < std::chrono::seconds(15));
}

/// Listens, and lets nobody in: its queue is full.
class FullListener {
 public:
  FullListener() : acceptor_(io_, tcp::v4()) {
    acceptor_.bind(test::loopback(0));
    acceptor_.listen(0);
    for (tcp::socket& socket : waiting_) {
      socket.open(tcp::v4());
      socket.native_non_blocking(true);
      const tcp::endpoint address = acceptor_.local_endpoint();
      ::connect(socket.native_handle(), address.data(), static_cast<socklen_t>(address.size()));
    }
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// Connections to it that have not come about.
  int connecting() const {
    const std::string address = fmt::format(":{:04X} 02 ", port());
    std::ifstream table("/proc/net/tcp");
    int count = 0;
    for (std::string line; std::getline(table, line);)
      if (line.find(address) != line.npos) ++count;
    return count;
  }

 private:
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::array<tcp::socket, 4> waiting_{tcp::socket(io_), tcp::socket(io_), tcp::socket(io_),
                                      tcp::socket(io_)};
};

/// Takes connections, and never says a word.
class SilentListener {
 public:
  SilentListener() : acceptor_(io_, test::loopback(0)), client_(io_) {
    acceptor_.non_blocking(true);
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  bool was_spoken_to() {
    boost::system::error_code none;
    if (!client_.is_open()) acceptor_.accept(client_, none);
    return client_.is_open() && client_.available() > 0;
  }

 private:
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  tcp::socket client_;
};

/// Counts the tries to lock that fail.
class RefusedLocks : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    const long result = real();
    const int error = errno;
    if (call.operation == os::Operation::Lock && result == -1) ++refused;
    errno = error;
    return result;
  }
  std::atomic<int> refused{0};
};

/// The first write of a file's content takes until the pull is cancelled.
class SlowWrite : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::Write && call.bytes.size() > 1000 &&
        !blocked.exchange(true))
      released.wait();
    return real();
  }
  std::atomic<bool> blocked{false};
  std::latch released{1};
};

}  // namespace

TEST_CASE("a pull is cancelled while a name is looked up", "[network][cancel]") {
  const TargetRepo target(std::string("http://") + hanging_name + "/");
  check_soon(CancelledPull(target).run([] { return resolver.asked.load(); }));
  resolver.released.count_down();
}

TEST_CASE("a pull is cancelled while it connects", "[network][cancel]") {
  const FullListener full;
  const int before = full.connecting();
  const TargetRepo target(fmt::format("http://127.0.0.1:{}/", full.port()));
  check_soon(CancelledPull(target).run([&] { return full.connecting() > before; }));
}

TEST_CASE("a pull is cancelled in the handshake of TLS", "[network][cancel]") {
  SilentListener silent;
  const TargetRepo target(fmt::format("https://127.0.0.1:{}/", silent.port()));
  check_soon(CancelledPull(target).run([&] { return silent.was_spoken_to(); }));
}

TEST_CASE("a pull is cancelled while it waits for an answer", "[network][cancel]") {
  FaultServer server(source().fd());
  server.set_fault("latency=100000");
  const TargetRepo target(server.url());
  check_soon(CancelledPull(target).run([&] { return !server.requests().empty(); }));
}

TEST_CASE("a pull is cancelled within a body", "[network][cancel]") {
  FaultServer server(source().fd());
  server.set_fault("stall=100");
  const TargetRepo target(server.url());
  CancelledPull pull(target);
  check_soon(pull.run([&] { return pull.receives(); }));
}

TEST_CASE("a pull is cancelled before it tries again", "[network][cancel]") {
  FaultServer server(source().fd());
  server.set_fault("status=503 retry-after=60");
  const TargetRepo target(server.url());
  CancelledPull pull(target);
  const std::string trace = target.path() + "/trace";
  pull.options.trace_file = trace;
  const PathAt file{FileDescriptor::cwd(), trace};
  check_soon(pull.run([&] { return os::exists(file) && !read_file(trace).empty(); }));
}

TEST_CASE("a pull is cancelled while it waits for the network", "[network][cancel]") {
  FaultServer server(source().fd());
  Relay relay(server.port());
  relay.refuse(true);
  const TargetRepo target(fmt::format("http://127.0.0.1:{}/", relay.port()));
  CancelledPull pull(target);
  pull.options.wait_online = true;
  check_soon(pull.run([&] { return relay.connections() > 5; }));
}

TEST_CASE("a pull is cancelled while its rate is limited", "[network][cancel]") {
  FaultServer server(source().fd());
  const TargetRepo target(server.url());
  CancelledPull pull(target);
  pull.options.limit_rate = RateLimit(10);
  check_soon(pull.run([&] { return pull.receives(); }));
}

TEST_CASE("a pull is cancelled while it waits for the repository's lock", "[network][cancel]") {
  FaultServer server(source().fd());
  const TargetRepo target(server.url());
  const UniqueFd dir = os::open_dir({FileDescriptor::cwd(), target.path()});
  const auto lock = repo::RepoLock::acquire(dir, os::LockMode::Exclusive, {});
  RefusedLocks locks;
  const os::ObserverScope scope(locks);
  check_soon(CancelledPull(target).run([&] { return locks.refused > 2; }));
}

TEST_CASE("a pull is cancelled while it writes", "[network][cancel]") {
  FaultServer server(source().fd());
  const TargetRepo target(server.url());
  SlowWrite write;
  const os::ObserverScope scope(write);
  CancelledPull pull(target);
  const CancelRegistration release =
      pull.source().token().on_cancel([&] { write.released.count_down(); });
  check_soon(pull.run([&] { return write.blocked.load(); }));
}
