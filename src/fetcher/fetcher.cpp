#include "fetcher/fetcher.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/os/os.hpp"
#include "fetcher/fetch_job.hpp"
#include "fetcher/http/header_value.hpp"
#include "fetcher/http/proxy.hpp"
#include "fetcher/request_headers.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

FetcherOptions checked(FetcherOptions options) {
  check_headers(options.headers);
  if (options.proxy) check_proxy(*options.proxy);
  check_header_value("User-Agent", options.user_agent);
  return options;
}

/// `context` is held to keep it alive, whatever becomes of the Fetcher.
asio::awaitable<Response> run_fetch(std::shared_ptr<FetchContext> context, Request request) {
  try {
    FetchJob job(*context, std::move(request));
    co_return co_await job.run();
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    throw Error(ErrorKind::Cancelled, "The download was cancelled");
  }
}

}  // namespace

Fetcher::Fetcher(const asio::any_io_executor& executor, FetcherOptions options,
                 FileDescriptor download_dir)
    : context_(
          std::make_shared<FetchContext>(executor, checked(std::move(options)), download_dir)) {}

Fetcher::~Fetcher() {
  cancel();
}

asio::awaitable<Response> Fetcher::fetch(Request request) {
  return run_fetch(context_, std::move(request));
}

void Fetcher::blame(const Response& response) {
  context_->mirrors.failed(parse_target(response.mirror).origin);
}

void Fetcher::cancel() {
  context_->waits.cancel();
}

void Fetcher::expect_download(const std::string& name) {
  context_->directory.expect(name);
}

FetcherStats Fetcher::stats() const {
  FetcherStats stats = context_->traffic.stats();
  stats.in_flight = context_->queue.in_flight();
  return stats;
}

unsigned Fetcher::width() const {
  return context_->queue.width();
}

FileDescriptor Fetcher::download_dir() const {
  return context_->directory.fd();
}

Bytes take_bytes(const Fetcher& fetcher, Body body) {
  if (body.in_memory()) return std::move(body.bytes);
  const PathAt path{fetcher.download_dir(), body.file_name};
  auto bytes = os::try_read_file(path, body.size);
  os::unlink(path);
  if (!bytes) throw Error(ErrorKind::Io, "A downloaded file vanished", {.path = path.name});
  return std::move(*bytes);
}

}  // namespace xylem::fetcher
