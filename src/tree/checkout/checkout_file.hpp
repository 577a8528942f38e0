#pragma once

/// \file
/// One file of a checkout.

#include "repo/repo.hpp"
#include "tree/checkout/checkout_options.hpp"
#include "tree/checkout/uncompressed_cache.hpp"

namespace xylem::tree {

/// Whether a file that a repository of this mode stores can be a hard link in a checkout.
bool can_hardlink(repo::Mode mode, bool user_mode, bool is_symlink);

/// Writes files into directories. Thread-safe. Borrows its arguments.
class FileCheckout {
 public:
  /// `cache` may be null.
  FileCheckout(const repo::Repo& repo, const CheckoutOptions& options, UncompressedCache* cache)
      : repo_(repo), options_(options), cache_(cache) {}

  /// `name` in `dir` becomes the content object `checksum`, or, for a whiteout, what it hides goes.
  /// `path` is how the tree that is checked out calls it: "/bin/env".
  void write(FileDescriptor dir, const std::string& name, const std::string& path,
             const Checksum& checksum) const;

 private:
  /// A content object and the repository that has it: this one or a parent.
  struct Stored {
    const repo::Repo* repo = nullptr;
    repo::LoadedFile file;
  };

  Stored load(const Checksum& checksum) const;
  bool take_as_whiteout(FileDescriptor dir, const std::string& name,
                        const object::FileHeader& header) const;
  void make_whiteout(const PathAt& target, const object::FileHeader& header) const;
  bool must_copy(const Stored& stored) const;
  bool try_hardlink(const PathAt& target, const Checksum& checksum,
                    const object::FileHeader& header) const;
  bool link_from(const repo::Repo& source, const PathAt& target, const Checksum& checksum,
                 const object::FileHeader& header) const;
  bool refuse_foreign(const Checksum& checksum) const;
  bool try_cached(const PathAt& target, const Checksum& checksum, Stored& stored) const;
  bool link_cached(const std::optional<PathAt>& cached, const PathAt& target,
                   const Checksum& checksum) const;
  /// `file` is the opened `object`.
  bool link(FileDescriptor file, const PathAt& object, const PathAt& target,
            const Checksum& checksum) const;
  void copy(const PathAt& target, const Checksum& checksum, Stored stored) const;
  void copy_symlink(const PathAt& target, const object::FileHeader& header) const;
  void copy_regular(const PathAt& target, const Checksum& checksum, Stored stored) const;
  bool same_content(const PathAt& target, const Checksum& checksum) const;

  const repo::Repo& repo_;
  const CheckoutOptions& options_;
  UncompressedCache* cache_;
};

}  // namespace xylem::tree
