#include "pull/remote/remote_files.hpp"

#include <fmt/format.h>

#include "fetcher/http/url.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

std::vector<std::string> urls_for(const std::vector<std::string>& bases, const std::string& path) {
  std::vector<std::string> urls;
  urls.reserve(bases.size());
  for (const std::string& base : bases) urls.push_back(fetcher::join_url(base, path));
  return urls;
}

/// Where bad bytes came from, and what stood between.
Error with_origin(Error error, const fetcher::Response& response, int attempt) {
  error.details().url = response.url;
  error.details().attempts = attempt;
  const std::string caches = response.cache_headers.empty() ? "no cache on the way told of itself"
                                                            : response.cache_headers;
  error.prefix(fmt::format("{} (attempt {}; {})", response.url, attempt, caches));
  return error;
}

/// What becomes of a request whose bytes were bad: asked again past caches, then elsewhere. False
/// if there is nobody left to ask.
bool ask_again(fetcher::Request& request, const std::string& mirror) {
  if (!request.no_cache) {
    request.no_cache = true;
    return true;
  }
  request.avoid.push_back(mirror);
  return request.avoid.size() < request.urls.size();
}

}  // namespace

asio::awaitable<void> RemoteFiles::resolve() {
  urls_ = co_await resolve_location(fetcher_, location_);
  if (!urls_.lost_content) co_return;
  tell({PullMessage::Code::SourceDropped,
        fmt::format("Fetching objects from {} instead of contenturl: {}", where(),
                    urls_.lost_content->what()),
        fetcher::redact_url(*location_.contenturl)});
}

void RemoteFiles::tell(PullMessage message) const {
  if (messages_ != nullptr) messages_->tell(std::move(message));
}

asio::awaitable<std::optional<fetcher::Response>> RemoteFiles::try_fetch(SmallRequest wanted) {
  fetcher::Request request;
  request.urls = urls_for(urls_.metadata, wanted.path);
  request.max_size = wanted.max_size;
  request.unless_modified = std::move(wanted.unless_modified);
  request.no_cache = wanted.no_cache;
  request.avoid = std::move(wanted.avoid);
  request.optional = true;
  request.priority = fetcher::Priority::Metadata;
  try {
    co_return co_await fetcher_.fetch(std::move(request));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<Bytes>> RemoteFiles::try_fetch(std::string path,
                                                             std::uint64_t max_size) {
  SmallRequest wanted{.path = std::move(path), .max_size = max_size};
  auto response = co_await try_fetch(std::move(wanted));
  if (!response) co_return std::nullopt;
  co_return take_bytes(fetcher_, std::move(response->body));
}

fetcher::Request RemoteFiles::object_request(const ObjectRequest& wanted) const {
  fetcher::Request request;
  request.urls = urls_for(wanted.metadata_url ? urls_.metadata : urls_.content, wanted.path);
  request.max_size = wanted.max_size;
  request.priority = wanted.priority;
  request.optional = wanted.metadata_url;
  request.resume_name = wanted.resume_name;
  request.path = wanted.path;
  request.watcher = wanted.watcher;
  return request;
}

asio::awaitable<void> RemoteFiles::fetch(ObjectRequest wanted, Check check) {
  fetcher::Request request = object_request(wanted);
  for (int attempt = 1;; ++attempt) {
    fetcher::Response response = co_await fetcher_.fetch(request);
    try {
      co_await check(response);
      co_return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Corrupt) throw;
      const Error told = with_origin(error, response, attempt);
      if (request.no_cache) fetcher_.blame(response);
      if (!ask_again(request, response.mirror)) throw told;
      tell({PullMessage::Code::ObjectRefetched, fmt::format("{}; asking again", told.what()),
            response.url});
    }
  }
}

}  // namespace xylem::pull
