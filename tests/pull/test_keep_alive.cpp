#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/os.hpp"
#include "base/os_metadata.hpp"
#include "pull/download_dir.hpp"
#include "pull/keep_alive.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::pull;
using namespace std::chrono_literals;

TEST_CASE("directories are touched again and again, whatever fails, until the pull is over") {
  boost::asio::io_context io;
  int touched = 0;
  KeepAlive* self = nullptr;
  const auto touch = [&] {
    if (++touched == 3) self->stop();
    if (touched == 1) throw std::runtime_error("busy");
  };
  KeepAlive keep_alive(io.get_executor(), touch, 1ms);
  self = &keep_alive;
  boost::asio::co_spawn(io, keep_alive.run(), boost::asio::detached);
  io.run();
  CHECK(touched == 3);
}

TEST_CASE("stopping does not wait for the next time") {
  boost::asio::io_context io;
  KeepAlive keep_alive(
      io.get_executor(), [] { FAIL("too early"); }, 24h);
  boost::asio::co_spawn(io, keep_alive.run(), boost::asio::detached);
  io.poll();
  keep_alive.stop();
  io.run();
}

TEST_CASE("a touched download directory is young") {
  const test::TempDir tmp;
  const DownloadDir dir(tmp.fd());
  os::set_mtime(dir.fd(), 1000);
  dir.touch();
  CHECK(os::stat(dir.fd()).st_mtime > 1000);
}
