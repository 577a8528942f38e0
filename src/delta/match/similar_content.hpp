#pragma once

/// \file
/// Room `delta/match`: what two commits have in common: which file resembles which, and the copies
/// and patches between them. Knows nothing of parts, superblocks, networks.

#include <array>
#include <unordered_map>

#include "delta/match/new_objects.hpp"
#include "delta/match/source_finder.hpp"

namespace xylem::delta {

/// The smallest hashes among those of a file's chunks (MinHash). Two files have about as large a
/// part of them in common as of their content, wherever in the files that is.
struct Sketch {
  static constexpr std::size_t size = 32;
  std::vector<std::uint64_t> hashes;  ///< Ascending, at most `size`.
};
Sketch sketch_of(ByteSource& content, std::uint64_t size);

/// Finds by their content which old files new ones are like that have got another name.
class SimilarContent {
 public:
  /// Reads `wanted`, and of the old files those that may be like one of them: in all, not many
  /// times more bytes than `wanted` have. Throws what reading does, and Error(Cancelled).
  SimilarContent(const repo::Repo& repo, const CommitContent& old, const CommitContent& to,
                 const std::vector<const NewFile*>& wanted, unsigned threads,
                 const CancelToken& cancel);

  /// The most alike first, at most two. Thread-safe.
  std::vector<OldFile> find(const Checksum& file) const;

 private:
  void choose(const Checksum& file, const Sketch& sketch);

  std::vector<OldFile> old_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_hash_;  ///< In old_.
  std::unordered_map<Checksum, std::vector<OldFile>> found_;
};

}  // namespace xylem::delta
