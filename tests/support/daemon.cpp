#include "support/daemon.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "support/loopback.hpp"

namespace xylem::test {

namespace {

using boost::asio::ip::tcp;

bool is_free(std::uint16_t port) {
  boost::asio::io_context io;
  tcp::acceptor acceptor(io, tcp::v4());
  boost::system::error_code error;
  acceptor.bind(loopback(port), error);
  return !error;
}

bool answers(std::uint16_t port) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.connect(loopback(port), error);
  return !error;
}

/// They chat on standard error.
std::vector<std::string> silenced(const std::vector<std::string>& command) {
  std::vector<std::string> words = {"sh", "-c", "exec \"$@\" 2>/dev/null", "sh"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace

std::uint16_t unused_port() {
  constexpr unsigned first = 10'000;
  constexpr unsigned count = 20'000;  // ends before the range of Linux begins
  constexpr unsigned per_process = 16;
  static unsigned next = static_cast<unsigned>(::getpid()) * per_process;
  for (unsigned tries = 0; tries < count; ++tries) {
    const auto port = static_cast<std::uint16_t>(first + next++ % count);
    if (is_free(port)) return port;
  }
  throw std::runtime_error("no port is free");
}

Daemon::Daemon(const std::vector<std::string>& command, std::uint16_t port)
    : process_(silenced(command)) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!answers(port)) {
    if (!process_.running() || std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error(command.front() + " does not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Daemon::~Daemon() {
  process_.signal(SIGTERM);
  process_.wait();
}

}  // namespace xylem::test
