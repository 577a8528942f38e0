#pragma once

#include <memory>
#include <optional>

#include "pull/downloads/download_dir.hpp"
#include "pull/remote/ref_index.hpp"
#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"
#include "repo/read_lock.hpp"
#include "sign/requirement.hpp"
#include "xylem/pull.hpp"

namespace xylem::fetcher {
class Fetcher;
}

namespace xylem::pull {

class RemoteFiles;

/// The remote that the options mean. For a repository on this machine, one that has nothing but the
/// name to write refs under, and its GPG keys. Throws Error(NotFound).
repo::Remote remote_of(const repo::Repo& repo, const PullOptions& options);

/// What a pull takes refs and objects from, with what these live on.
struct OpenSource {
  std::unique_ptr<DownloadDir> download_dir;  ///< Only with a fetcher.
  std::unique_ptr<fetcher::Fetcher> fetcher;  ///< Null for a repository on this machine.
  std::unique_ptr<RemoteFiles> files;         ///< As well. To be resolved before the rest is used.
  std::unique_ptr<repo::Repo> repository;     ///< On this machine; null for a server.
  repo::ReadLock lock;                        ///< Of that one: nobody prunes it meanwhile.
  std::unique_ptr<RefIndex> index;
  std::unique_ptr<ObjectSource> objects;

  bool is_local() const { return repository != nullptr; }
  /// From the network, so far.
  std::uint64_t bytes_received() const;

  OpenSource();
  OpenSource(OpenSource&&) noexcept;
  OpenSource& operator=(OpenSource&&) = delete;
  ~OpenSource();
};

/// Opens the repository on this machine, or the fetcher, that options and remote name, with local
/// caches before it. `summary` says who must have signed the source's summary.
OpenSource open_source(const PullOptions& options, const repo::Remote& remote,
                       const sign::Requirement& summary, const PullContext& context);

}  // namespace xylem::pull
