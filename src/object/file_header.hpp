#pragma once

/// \file
/// Content objects: metadata of a file, how it is framed for its checksum, and how an archive
/// repository frames it (`.filez`).

#include <string>

#include "base/codec/checksum.hpp"
#include "base/codec/sha256.hpp"
#include "object/file_mode.hpp"
#include "object/xattrs.hpp"

namespace xylem::object {

/// All that is known about a regular file or a symlink but its content.
struct FileHeader {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0;  ///< With S_IFREG or S_IFLNK.
  std::string symlink_target;
  Xattrs xattrs;  ///< Sorted by name after reading.

  bool is_symlink() const noexcept;
  bool operator==(const FileHeader&) const = default;
};

/// `[u32 BE length][4 zero bytes](uuuusa(ayay))`: what is hashed before the content.
Bytes serialize_file_header(const FileHeader& header);

/// Hash of a content object: its framed header, then its content (none for a symlink).
class FileHash {
 public:
  explicit FileHash(const FileHeader& header) { hash_.update(serialize_file_header(header)); }
  void update(ByteView content) { hash_.update(content); }
  Checksum finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

/// Front part of a `.filez`: `[u32 BE length][4 zero bytes](tuuuusa(ayay))`; raw deflate follows.
struct FilezHeader {
  FileHeader file;
  std::uint64_t size = 0;         ///< Of the content, inflated; 0 for a symlink.
  std::size_t header_length = 0;  ///< Where the deflate stream starts; set by reading.
};

/// Length of the whole front part, from the first 8 bytes or more of a `.filez`.
/// Throws Error(Corrupt) for 0, for non-zero padding, or past 128 MiB.
std::size_t filez_header_length(ByteView start);
/// Parses the front part; `start` holds at least filez_header_length(start) bytes. Throws
/// Error(Corrupt). The stored size of a symlink is ignored: libostree of 2015 and before wrote the
/// length of the target there.
FilezHeader parse_filez_header(ByteView start);
/// As libostree writes it: xattrs in the order given.
Bytes serialize_filez_header(const FileHeader& header, std::uint64_t size);

/// Value of `user.ostreemeta` in a bare-user repository: `(uuua(ayay))`.
Bytes serialize_bare_user_metadata(const FileHeader& header);
/// The symlink target stays empty: the file's content holds it.
FileHeader parse_bare_user_metadata(ByteView bytes);

}  // namespace xylem::object
