#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "pull/downloads/download_dir.hpp"
#include "support/temp_dir.hpp"
#include "task/ticker.hpp"

using namespace xylem;
using namespace xylem::pull;
using namespace std::chrono_literals;

TEST_CASE("a job is done again and again, whatever fails, until it is stopped") {
  boost::asio::io_context io;
  int touched = 0;
  Ticker* self = nullptr;
  const auto touch = [&] {
    if (++touched == 3) self->stop();
    if (touched == 1) throw std::runtime_error("busy");
  };
  Ticker ticker(io.get_executor(), 1ms, touch);
  self = &ticker;
  boost::asio::co_spawn(io, ticker.run(), boost::asio::detached);
  io.run();
  CHECK(touched == 3);
}

TEST_CASE("stopping does not wait for the next time") {
  boost::asio::io_context io;
  Ticker ticker(io.get_executor(), 24h, [] { FAIL("too early"); });
  boost::asio::co_spawn(io, ticker.run(), boost::asio::detached);
  io.poll();
  ticker.stop();
  io.run();
}

TEST_CASE("a touched download directory is young") {
  const test::TempDir tmp;
  const DownloadDir dir(tmp.fd());
  os::set_mtime(dir.fd(), 1000);
  dir.touch();
  CHECK(os::stat(dir.fd()).st_mtime > 1000);
}
