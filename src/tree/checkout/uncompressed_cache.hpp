#pragma once

/// \file
/// `uncompressed-objects-cache/` of an archive repository: content as plain files, which checkouts
/// in user mode link to. Layout and rules are libostree's, so that both use the same files.
///
/// What is in it can be changed through any checkout that links to it. A file is therefore used
/// only if its time, size and mode are still those that it was given.

#include <mutex>
#include <set>

#include "repo/locks/tmpdir.hpp"
#include "repo/repo.hpp"

namespace xylem::tree {

/// find() and add() are thread-safe. What is added is visible to others after publish().
class UncompressedCache {
 public:
  /// Borrows the repository.
  explicit UncompressedCache(const repo::Repo& repo);
  UncompressedCache(const UncompressedCache&) = delete;
  UncompressedCache& operator=(const UncompressedCache&) = delete;
  ~UncompressedCache();

  /// Whether the repository keeps such a cache: an archive, unless its configuration says
  /// `core.enable-uncompressed-cache=false`.
  static bool is_enabled(const repo::Repo& repo);

  /// A file with this content to link to; nullopt if there is none.
  std::optional<PathAt> find(const Checksum& checksum, const repo::LoadedFile& file) const;
  /// Writes one from `file.content`, which is used up. nullopt where that is not possible: a cache
  /// is never worth a failure. Throws Error(Corrupt) if the content is not the object's.
  std::optional<PathAt> add(const Checksum& checksum, const repo::LoadedFile& file);

  /// Makes what was added durable, if the repository wants that, and gives it its place. Then
  /// removes the files beside it that no checkout links to any more.
  void publish();

 private:
  FileDescriptor staging();
  PathAt write(const Checksum& checksum, const repo::LoadedFile& file);
  void publish_staged();
  void collect_unused(std::uint8_t prefix);

  const repo::Repo& repo_;
  UniqueFd dir_;  ///< Invalid: there is no cache yet.
  std::mutex mutex_;
  repo::TmpDir staging_;       ///< Made when it is needed first.
  std::set<Checksum> staged_;  ///< In staging_, under their checksums.
};

}  // namespace xylem::tree
