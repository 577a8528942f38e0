// fetch-child DIR URL NAME: fetches into the download directory DIR, to be killed by a test.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

#include "base/os/os.hpp"
#include "fetcher/fetcher.hpp"

namespace {

using namespace xylem;

boost::asio::awaitable<void> fetch(fetcher::Fetcher& fetcher, fetcher::Request request) {
  const fetcher::Response response = co_await fetcher.fetch(std::move(request));
  std::cout << response.body.file_name << '\n';
}

}  // namespace

int main(int, char** argv) {
  const auto dir = os::open_dir({FileDescriptor::cwd(), argv[1]});
  boost::asio::io_context io(1);
  fetcher::Fetcher fetcher(io.get_executor(), {}, dir);
  fetcher::Request request{.urls = {argv[2]}, .resume_name = argv[3]};
  const auto report = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  boost::asio::co_spawn(io, fetch(fetcher, std::move(request)), report);
  io.run();
}
