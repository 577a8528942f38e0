#pragma once

/// \file
/// Room `pull/remote`: a remote repository as files and refs: mirrors, summary, signatures of the
/// summary. Knows nothing of objects, the transaction.
///
/// Files of a remote repository by their path: adds the remote's URLs, and nothing of objects.

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "fetcher/fetcher.hpp"
#include "pull/remote/remote_location.hpp"
#include "pull/report/messages.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

/// Whether a server has refused access to a file: that is no word on whether the file is there.
bool is_denial(const Error& error);

/// One thread. The fetcher is borrowed.
class RemoteFiles {
 public:
  /// `messages` is borrowed, and may be null.
  RemoteFiles(fetcher::Fetcher& fetcher, RemoteLocation location,
              const Messages* messages = nullptr)
      : fetcher_(fetcher), location_(std::move(location)), messages_(messages) {}

  /// Finds the mirrors; once, before anything is fetched.
  asio::awaitable<void> resolve();

  fetcher::Fetcher& fetcher() { return fetcher_; }
  /// The remote without credentials, for messages.
  std::string where() const { return location_.where(); }
  const RemoteUrls& urls() const { return urls_; }

  /// A small file below `metadata`.
  struct SmallRequest {
    std::string path;
    std::uint64_t max_size = 0;  ///< Bytes; 0 is no limit.
    std::optional<fetcher::Validators> unless_modified{};
    bool no_cache = false;
    std::vector<std::string> avoid{};  ///< As fetcher::Request::avoid.
  };
  /// nullopt if the server does not have it, or does not give access to it; see denial().
  asio::awaitable<std::optional<fetcher::Response>> try_fetch(SmallRequest wanted);
  /// As above, just the bytes.
  asio::awaitable<std::optional<Bytes>> try_fetch(std::string path, std::uint64_t max_size);

  /// The server's refusal to give access (403) to this path, if it was asked for with try_fetch()
  /// last time. Of most files that is how some servers say that they are not there; whoever needs
  /// the file knows better.
  std::optional<Error> denial(const std::string& path) const;

  /// An object's path below `content` (or, with detached metadata, `metadata`).
  struct ObjectRequest {
    std::string path;
    std::uint64_t max_size = 0;
    bool metadata_url = false;
    fetcher::Priority priority = fetcher::Priority::Content;
    std::string resume_name{};
    bool may_change = false;                  ///< As fetcher::Request::may_change.
    bool optional = false;                    ///< As fetcher::Request::optional.
    bool compressed = false;                  ///< As fetcher::Request::compressed.
    fetcher::BodyWatcher* watcher = nullptr;  ///< Borrowed, may be null.
  };
  /// Takes a body away and throws Error(Corrupt) if its bytes are bad.
  using Check = std::function<asio::awaitable<void>(fetcher::Response&)>;
  /// Fetches, and has the body checked. Bad bytes are fetched once more past all caches, then from
  /// every other mirror; the error of the last one names URL, caches and attempt. Throws
  /// Error(NotFound) like everything that Fetcher::fetch throws.
  asio::awaitable<void> fetch(ObjectRequest wanted, Check check);

 private:
  fetcher::Request object_request(const ObjectRequest& wanted) const;
  void tell(PullMessage message) const;

  fetcher::Fetcher& fetcher_;
  RemoteLocation location_;
  const Messages* messages_;
  RemoteUrls urls_;
  std::map<std::string, Error> denials_;  ///< By path.
};

}  // namespace xylem::pull
