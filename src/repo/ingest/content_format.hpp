#pragma once

/// \file
/// How each mode keeps content objects on disk. Formats: docs/on-disk.md.

#include <memory>

#include "base/stream.hpp"
#include "object/file_header.hpp"
#include "repo/disk/mode.hpp"
#include "repo/staging/staged_file.hpp"

namespace xylem::repo {

/// Writes content objects of one mode, in two steps: write() makes the body, and nothing that could
/// do harm; once the checksum is known to be right, seal() gives it owner, mode, attributes and
/// time. Thread-safe.
class ContentFormat {
 public:
  virtual ~ContentFormat() = default;

  /// Throws Error(Unsupported) for a file that this mode cannot keep.
  virtual void check(const object::FileHeader& header) const;
  /// The whole of `content`, which gives exactly `size` bytes; none for a symlink.
  virtual StagedFile write(StagingArea& area, const object::FileHeader& header, std::uint64_t size,
                           ByteSource& content) const = 0;
  /// As above, from memory.
  virtual StagedFile write(StagingArea& area, const object::FileHeader& header,
                           ByteView content) const = 0;
  virtual void seal(const StagedFile& file, const object::FileHeader& header) const = 0;
};

/// `zlib_level` (1..9) is for archives. Throws Error(Unsupported) for bare-split-xattrs, which is
/// read only.
std::unique_ptr<ContentFormat> make_content_format(Mode mode, int zlib_level);

/// Throws Error(Unsupported) for permissions beyond 0775: bare-user-only could not keep them.
void require_bare_user_only_mode(const object::FileHeader& header);

enum class ImportWay {
  Link,      ///< A hard link is as good as a copy.
  Copy,      ///< The body is the same, but owner, mode or attributes must be ours.
  Reencode,  ///< Taken apart and written anew.
};

/// How a content object goes from one mode to another. Metadata objects are the same in all modes.
/// Pure.
ImportWay content_import_way(Mode from, Mode to, const object::FileHeader& header);
/// As above, where a link cannot be made.
ImportWay import_way_without_link(Mode from, Mode to, const object::FileHeader& header);

/// Modification time of content in all modes but archive (OSTREE_TIMESTAMP).
constexpr time_t content_mtime = 0;

}  // namespace xylem::repo
