#pragma once

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <string_view>

#include "support/loopback.hpp"

namespace xylem::server {

/// A connection to loopback on which a test says exactly what it wants to say. Blocking.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(io_) { socket_.connect(test::loopback(port)); }

  void send(std::string_view text) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(text), error);
  }
  /// Whatever comes until the server closes the connection.
  std::string read_all() {
    std::string text;
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(text), error);
    return text;
  }
  /// Exactly so many bytes, or what came before the end.
  std::string read(std::size_t size) {
    std::string text(size, '\0');
    boost::system::error_code error;
    text.resize(boost::asio::read(socket_, boost::asio::buffer(text), error));
    return text;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
};

/// The answer to one request on a connection of its own.
inline std::string ask(std::uint16_t port, const std::string& first_line,
                       const std::string& headers = "") {
  RawClient client(port);
  client.send(first_line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
  return client.read_all();
}

inline std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == answer.npos ? "" : answer.substr(end + 4);
}

inline std::string header_of(const std::string& answer, const std::string& name) {
  const auto start = answer.find("\r\n" + name + ": ");
  if (start == answer.npos) return "";
  const auto value = start + name.size() + 4;
  return answer.substr(value, answer.find("\r\n", value) - value);
}

}  // namespace xylem::server
