#include "pull/remote/remote_files.hpp"

#include <fmt/format.h>

#include <algorithm>

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

/// What a small file's download is called: none has the name of an object's. Empty, for none, if it
/// would be longer than names of files are.
std::string small_name(std::string path) {
  constexpr std::size_t longest = 200;
  if (path.size() > longest) return {};
  std::ranges::replace(path, '/', '+');
  return path + ".file";
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

bool is_denial(const Error& error) {
  constexpr long forbidden = 403;
  return error.details().http_status == forbidden;
}

asio::awaitable<void> RemoteFiles::resolve() {
  urls_ = co_await resolve_location(fetcher_, location_);
  if (!urls_.lost_content) co_return;
  tell({.code = PullMessage::Code::SourceDropped,
        .text = fmt::format("Fetching objects from {} instead of contenturl: {}", where(),
                            urls_.lost_content->what()),
        .is_warning = true,
        .source = fetcher::redact_url(*location_.contenturl)});
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
  request.compressed = true;
  request.priority = fetcher::Priority::Metadata;
  request.resume_name = small_name(wanted.path);
  request.may_change = true;
  request.never_page = true;
  denials_.erase(wanted.path);
  try {
    co_return co_await fetcher_.fetch(std::move(request));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    if (is_denial(error))
      denials_.emplace(wanted.path, Error(ErrorKind::Unauthorized, error.what(), error.details()));
  }
  co_return std::nullopt;
}

std::optional<Error> RemoteFiles::denial(const std::string& path) const {
  const auto found = denials_.find(path);
  return found == denials_.end() ? std::nullopt : std::optional(found->second);
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
  request.optional = wanted.metadata_url || wanted.optional;
  request.resume_name = wanted.resume_name;
  request.may_change = wanted.may_change;
  request.compressed = wanted.compressed;
  request.never_page = true;
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
      const bool is_object = wanted.path.starts_with("objects/");
      tell({.code = is_object ? PullMessage::Code::ObjectRefetched : PullMessage::Code::Retry,
            .text = fmt::format("{}; asking again", told.what()),
            .is_warning = is_object,
            .source = response.url});
    }
  }
}

}  // namespace xylem::pull
