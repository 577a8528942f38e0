#include "pull/remote/remote_location.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "fetcher/http/url.hpp"
#include "pull/remote/mirror_list.hpp"
#include "repo/disk/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr std::uint64_t largest_list = 1024 * 1024;

asio::awaitable<Bytes> fetch_list(fetcher::Fetcher& fetcher, std::string url) {
  fetcher::Request request;
  request.urls = {std::move(url)};
  request.max_size = largest_list;
  request.priority = fetcher::Priority::Metadata;
  request.compressed = true;
  fetcher::Response response = co_await fetcher.fetch(std::move(request));
  co_return take_bytes(fetcher, std::move(response.body));
}

/// Who is named twice is asked once: the second is no other mirror.
std::vector<std::string> without_repeats(const std::vector<std::string>& urls) {
  std::vector<std::string> result;
  for (const std::string& url : urls)
    if (std::ranges::find(result, url) == result.end()) result.push_back(url);
  return result;
}

asio::awaitable<std::vector<std::string>> mirrors_of(fetcher::Fetcher& fetcher,
                                                     const std::string& url) {
  if (!is_mirror_list(url)) {
    std::vector<std::string> only{url};
    co_return only;
  }
  const std::string list = mirror_list_url(url);
  const Bytes text = co_await fetch_list(fetcher, list);
  std::vector<std::string> mirrors = without_repeats(parse_mirror_list(text));
  if (mirrors.empty())
    throw Error(ErrorKind::Corrupt, fmt::format("No valid mirrors were found in mirrorlist '{}'",
                                                fetcher::redact_url(list)))
        .hint("check the `url` of the remote: a mirror list has one http or https URL per line");
  log_info("{} mirrors are listed by {}", mirrors.size(), fetcher::redact_url(list));
  co_return mirrors;
}

/// The directories of a file's URLs.
std::vector<std::string> directories(const std::vector<std::string>& urls) {
  std::vector<std::string> result;
  for (const std::string& url : urls) result.push_back(url.substr(0, url.rfind('/')));
  return result;
}

asio::awaitable<Metalink> fetch_metalink(fetcher::Fetcher& fetcher, std::string url) {
  const std::string shown = fetcher::redact_url(url);
  const Bytes xml = co_await fetch_list(fetcher, std::move(url));
  try {
    co_return parse_metalink(xml, repo::layout::summary);
  } catch (Error& error) {
    error.details().url = shown;
    throw error.prefix(shown);
  }
}

}  // namespace

std::string RemoteLocation::where() const {
  return fetcher::redact_url(metalink ? *metalink : url);
}

std::vector<std::string> RemoteLocation::named_urls() const {
  std::vector<std::string> urls;
  const auto add = [&](const std::string& named) {
    urls.push_back(is_mirror_list(named) ? mirror_list_url(named) : named);
  };
  if (!url.empty()) add(url);
  if (metalink) add(*metalink);
  if (contenturl) add(*contenturl);
  return urls;
}

asio::awaitable<RemoteUrls> resolve_location(fetcher::Fetcher& fetcher,
                                             const RemoteLocation& location) {
  RemoteUrls urls;
  if (location.metalink) {
    urls.summary = co_await fetch_metalink(fetcher, *location.metalink);
    urls.metadata = without_repeats(directories(urls.summary->urls));
  } else {
    urls.metadata = co_await mirrors_of(fetcher, location.url);
  }
  urls.content = urls.metadata;
  if (!location.contenturl) co_return urls;
  try {
    urls.content = co_await mirrors_of(fetcher, *location.contenturl);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled || error.kind() == ErrorKind::NoSpace) throw;
    urls.lost_content = error;
  }
  co_return urls;
}

}  // namespace xylem::pull
