#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>

#include "support/temp_dir.hpp"
#include "xylem/async.hpp"

using namespace xylem;
namespace asio = boost::asio;

namespace {

/// Takes connections, and never answers: a pull from it stays where it is.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket_, 64) == 0);
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() {
    ::close(client_);
    ::close(socket_);
  }

  /// Returns when a pull has connected.
  void wait_for_client() { client_ = ::accept(socket_, nullptr, nullptr); }

  const std::string& url() const { return url_; }

 private:
  int socket_;
  int client_ = -1;
  std::string url_;
};

struct Fixture {
  SilentServer server;
  test::TempDir dir;
  Repository repository = open();
  PullOptions options;

  Fixture() {
    options.remote = "origin";
    options.refs = {"os"};
  }

  Repository open() {
    Repository created = Repository::create(dir / "repo", RepositoryMode::BareUser);
    created.set_remote("origin", server.url(), {{"gpg-verify", "false"}});
    return created;
  }
};

std::size_t thread_count() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

std::optional<ErrorKind> kind_of(const std::exception_ptr& error) {
  if (!error) return std::nullopt;
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.kind();
  }
}

/// Stores how the pull ended.
auto store_in(std::optional<std::exception_ptr>& end) {
  return [&end](std::exception_ptr error, const PullResult&) { end = error; };
}

}  // namespace

TEST_CASE_METHOD(Fixture, "destroying the event loop ends the pulls that complete on it") {
  const std::size_t threads = thread_count();
  std::optional<std::exception_ptr> end;
  {
    asio::io_context loop;
    repository.async_pull(options, nullptr, asio::bind_executor(loop, store_in(end)));
    server.wait_for_client();
    CHECK(thread_count() > threads);
  }
  CHECK(thread_count() == threads);
  CHECK(!end);
}

TEST_CASE_METHOD(Fixture, "the cancellation slot ends a pull, whose repository may be gone") {
  const std::size_t threads = thread_count();
  std::optional<std::exception_ptr> end;
  asio::io_context loop;
  asio::cancellation_signal signal;
  {
    const Repository brief = Repository::open(dir / "repo");
    brief.async_pull(
        options, nullptr,
        asio::bind_cancellation_slot(signal.slot(), asio::bind_executor(loop, store_in(end))));
  }
  server.wait_for_client();
  signal.emit(asio::cancellation_type::terminal);
  loop.run();
  REQUIRE(end);
  CHECK(kind_of(*end) == ErrorKind::Cancelled);
  CHECK(thread_count() == threads);
}

TEST_CASE_METHOD(Fixture, "an exception of the handler leaves the loop, and the thread is joined") {
  const std::size_t threads = thread_count();
  options.refs = {"bad ref"};
  asio::io_context loop;
  repository.async_pull(options, nullptr,
                        asio::bind_executor(loop, [](std::exception_ptr error, const PullResult&) {
                          if (error) std::rethrow_exception(error);
                        }));
  CHECK_THROWS_AS(loop.run(), Error);
  CHECK(thread_count() == threads);
}

TEST_CASE_METHOD(Fixture, "a pull may complete on the system's executor") {
  options.refs = {"bad ref"};
  auto result = repository.async_pull(options, nullptr, asio::use_future);
  CHECK_THROWS_AS(result.get(), Error);
}
