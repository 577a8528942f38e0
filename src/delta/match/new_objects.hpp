#pragma once

/// \file
/// What a commit has and another one has not.

#include <optional>

#include "delta/match/commit_content.hpp"

namespace xylem::delta {

/// A file object that the delta brings.
struct NewFile {
  Checksum checksum;
  std::vector<std::string> paths;  ///< Where it is; sorted.
  object::FileHeader header;
  std::uint64_t size = 0;         ///< Of the content; 0 for a symbolic link.
  std::uint64_t stored_size = 0;  ///< In this repository.
};

struct NewObjects {
  std::vector<object::ObjectName> metadata;  ///< Parents before what is in them.
  std::vector<NewFile> files;                ///< Regular ones, sorted by their first path.
  std::vector<NewFile> links;                ///< Likewise.
};

/// What `to` has and `from` has not. Without `from`: all.
NewObjects find_new(const repo::Repo& repo, const CommitContent& to,
                    const std::optional<CommitContent>& from, unsigned threads,
                    const CancelToken& cancel);

/// Bytes that an object takes here, or in a parent; 0 if it is nowhere.
std::uint64_t stored_size(const repo::Repo& repo, const object::ObjectName& name);

/// How many paths have another file in the one than in the other.
std::size_t count_changed(const CommitContent& to, const CommitContent& from);

}  // namespace xylem::delta
