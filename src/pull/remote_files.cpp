#include "pull/remote_files.hpp"

#include "base/os.hpp"
#include "fetcher/url.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

Bytes take_bytes(fetcher::Fetcher& fetcher, fetcher::Response response) {
  if (response.body.in_memory()) return std::move(response.body.bytes);
  const PathAt path{fetcher.download_dir(), response.body.file_name};
  Bytes bytes = os::read_file(os::open(path, O_RDONLY), response.body.size);
  os::unlink(path);
  return bytes;
}

std::string RemoteFiles::where() const {
  return urls_.metadata.empty() ? "" : fetcher::redact_url(urls_.metadata.front());
}

std::vector<std::string> RemoteFiles::urls_for(const std::vector<std::string>& bases,
                                               const std::string& path) const {
  std::vector<std::string> urls;
  urls.reserve(bases.size());
  for (const std::string& base : bases) urls.push_back(fetcher::join_url(base, path));
  return urls;
}

asio::awaitable<std::optional<Bytes>> RemoteFiles::try_fetch(std::string path,
                                                             std::uint64_t max_size) {
  fetcher::Request request;
  request.urls = urls_for(urls_.metadata, path);
  request.max_size = max_size;
  request.priority = fetcher::Priority::Metadata;
  try {
    co_return take_bytes(fetcher_, co_await fetcher_.fetch(std::move(request)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
  }
  co_return std::nullopt;
}

asio::awaitable<fetcher::Response> RemoteFiles::fetch(ObjectRequest wanted) {
  fetcher::Request request;
  request.urls = urls_for(wanted.metadata_url ? urls_.metadata : urls_.content, wanted.path);
  request.max_size = wanted.max_size;
  request.no_cache = wanted.no_cache;
  request.priority = wanted.priority;
  request.resume_name = std::move(wanted.resume_name);
  return fetcher_.fetch(std::move(request));
}

}  // namespace xylem::pull
