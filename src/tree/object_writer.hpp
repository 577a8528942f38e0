#pragma once

/// \file
/// Puts the objects of one commit into a transaction, and counts and weighs them.

#include <atomic>

#include "base/stream.hpp"
#include "object/dirtree.hpp"
#include "object/file_header.hpp"
#include "repo/transaction/transaction.hpp"
#include "tree/size_index.hpp"

namespace xylem::tree {

/// write_file(), adopt_file() and reuse_file() are thread-safe.
class ObjectWriter {
 public:
  /// Sizes are collected for archive repositories only: elsewhere nothing is stored as a server
  /// would send it.
  ObjectWriter(repo::Transaction& transaction, bool collect_sizes);

  repo::Transaction& transaction() { return transaction_; }
  const repo::Repo& repo() { return transaction_.repo(); }

  /// `content` gives exactly `size` bytes; none for a symlink.
  Checksum write_file(const object::FileHeader& header, std::uint64_t size, ByteSource& content);
  /// The file becomes the object itself; nullopt where that cannot be: see repo::adopt_file().
  std::optional<Checksum> adopt_file(const PathAt& file, const object::FileHeader& header);
  /// A file that the repository has already counts too.
  void reuse_file(const Checksum& checksum, const object::FileHeader& header, std::uint64_t size);
  Checksum write_dirmeta(const object::DirMeta& meta);
  Checksum write_dirtree(const object::DirTree& tree);
  Checksum write_commit(const object::Commit& commit);

  SizeIndex& sizes() { return sizes_; }
  std::uint64_t metadata_total() const { return metadata_total_; }
  std::uint64_t content_total() const { return content_total_; }

 private:
  Checksum write_metadata(object::ObjectType type, ByteView bytes);
  void note_file(const Checksum& checksum, const object::FileHeader& header, std::uint64_t size);

  repo::Transaction& transaction_;
  const bool collect_sizes_;
  SizeIndex sizes_;
  std::uint64_t metadata_total_ = 0;
  std::atomic<std::uint64_t> content_total_{0};
};

}  // namespace xylem::tree
