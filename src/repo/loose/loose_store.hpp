#pragma once

/// \file
/// Room `repo/loose`: reading and checking single objects in one directory of loose objects. Knows
/// nothing of configuration, refs, writing.
///
/// One directory of loose objects in one mode: `objects/`, a staging directory, or a parent's.
/// Reading only; Transaction writes.

#include <functional>
#include <memory>
#include <optional>

#include "base/os/fd.hpp"
#include "base/stream.hpp"
#include "object/file_header.hpp"
#include "object/names/object_name.hpp"
#include "object/names/object_set.hpp"
#include "repo/disk/mode.hpp"

namespace xylem::repo {

/// A content object, whatever the mode it is stored in.
struct LoadedFile {
  object::FileHeader header;
  std::uint64_t size = 0;               ///< Of the content, inflated.
  std::unique_ptr<ByteSource> content;  ///< Null for a symlink.
  UniqueFd fd;                          ///< The object's own file; `content` may borrow it.
  bool is_plain = false;                ///< The file has this content, and nothing else.
};

/// Borrows its directory. Thread-safe: it holds no state of its own.
class LooseStore {
 public:
  /// `ignore_xattrs` is core.disable-xattrs.
  LooseStore(FileDescriptor dir, Mode mode, bool ignore_xattrs = false)
      : dir_(dir), mode_(mode), ignore_xattrs_(ignore_xattrs) {}

  FileDescriptor dir() const { return dir_; }
  Mode mode() const { return mode_; }
  PathAt path(const object::ObjectName& name) const;

  bool has(const object::ObjectName& name) const;
  /// nullopt when it is not here. Not verified: see object::verify_metadata. Throws Error(Corrupt)
  /// past `limit` bytes.
  std::optional<Bytes> load_metadata(const object::ObjectName& name,
                                     std::uint64_t limit = object::default_max_metadata_size) const;
  /// nullopt when it is not here; the content is not verified: see verify_file.
  std::optional<LoadedFile> load_file(const Checksum& checksum) const;
  /// Bytes that it takes on disk; nullopt when it is not here.
  std::optional<std::uint64_t> stored_size(const object::ObjectName& name) const;

  /// The objects whose checksums begin with `prefix`. Gives up, with nullopt, when it has read
  /// `limit` names, foreign ones too, and there are more.
  std::optional<object::ObjectSet> list(std::uint8_t prefix, std::size_t limit) const;
  /// How many list() may find, by the size of their directory: a hint only, which is good on ext4,
  /// too large where many were deleted, and far too small on some other file systems.
  std::uint64_t estimate_count(std::uint8_t prefix) const;
  /// Calls for every object; foreign names are skipped.
  void for_each(const std::function<void(const object::ObjectName&)>& callback) const;
  /// False if it was not there.
  bool remove(const object::ObjectName& name) const;

 private:
  FileDescriptor dir_;
  Mode mode_;
  bool ignore_xattrs_;
};

/// Reads all content and returns the checksum that header and content have together. For an archive
/// object also throws Error(Corrupt) unless the deflate stream ends at the end of the file.
Checksum hash_file(LoadedFile& file);

/// Throws Error(Corrupt) unless the stored object is what its name says; Error(NotFound) if it is
/// not there.
void verify_object(const LooseStore& store, const object::ObjectName& name);

}  // namespace xylem::repo
