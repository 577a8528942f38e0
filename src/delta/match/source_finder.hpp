#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "delta/match/commit_content.hpp"

namespace xylem::delta {

/// A file of the old commit that a new one may be made of.
struct OldFile {
  Checksum checksum;
  std::uint64_t size = 0;
  bool operator==(const OldFile&) const = default;
};

/// Guesses by their paths which old files a new one is like: the one at the same path, those of the
/// same name, those whose names differ in a version only; of several, those in the nearest
/// directories. Thread-safe.
class SourceFinder {
 public:
  /// Both are borrowed.
  SourceFinder(const repo::Repo& repo, const CommitContent& old);

  /// The most likely ones first, at most max_sources. None is empty, or a symbolic link, or
  /// unreadable for who is not its owner: who applies a delta may read a parent repository that is
  /// somebody else's.
  std::vector<OldFile> find(const std::vector<std::string>& paths, std::uint64_t size) const;

  static constexpr std::size_t max_sources = 3;

 private:
  using Places = std::vector<const PlacedFile*>;
  using ByName = std::unordered_map<std::string, Places>;

  const PlacedFile* at_path(std::string_view path) const;
  std::vector<const PlacedFile*> nearest(const ByName& by_name, const std::string& name,
                                         std::string_view path, std::uint64_t size) const;
  std::optional<OldFile> usable(const Checksum& file) const;
  std::optional<OldFile> look_at(const Checksum& file) const;

  const repo::Repo& repo_;
  const CommitContent& old_;
  ByName by_name_;
  ByName by_stem_;
  mutable std::mutex mutex_;  ///< Protects known_.
  mutable std::unordered_map<Checksum, std::optional<OldFile>> known_;
};

/// Behind the last slash.
std::string_view base_name(std::string_view path);

/// A name without what changes from version to version: "libfoo-1.2.so.3" and "libfoo-1.3.so.4"
/// have the same. Empty if nothing else is left.
std::string stem_of(std::string_view name);

/// How many directories two paths have in common, from the first on and from the last on.
std::size_t shared_directories(std::string_view a, std::string_view b);

}  // namespace xylem::delta
