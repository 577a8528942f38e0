#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace xylem::test {

/// A port of this machine that nobody else can reach; 0 stands for any free one.
inline boost::asio::ip::tcp::endpoint loopback(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

}  // namespace xylem::test
