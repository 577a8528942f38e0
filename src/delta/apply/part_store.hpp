#pragma once

/// \file
/// What applying a part needs of a repository.

#include <memory>

#include "base/random_source.hpp"
#include "object/file_header.hpp"
#include "object/names/object_name.hpp"

namespace xylem::delta {

/// Where the objects of a delta go to, and where those are that it reads from. Thread-safe: several
/// parts may be applied at a time.
class PartStore {
 public:
  virtual ~PartStore() = default;

  /// Such an object is not made again.
  virtual bool has(const object::ObjectName& name) = 0;
  /// The content of a regular file; null if it is not here, or a symbolic link. Objects that this
  /// store was given count, too.
  virtual std::unique_ptr<RandomSource> open(const Checksum& file) = 0;
  /// Whether the content that open() gives is what the object's name says. It is asked of what a
  /// damaged object was made from: the delta need not be what is wrong.
  virtual bool is_sound(const Checksum& file) = 0;

  /// Both throw Error(Corrupt), and keep nothing, if the object is not what its name says.
  virtual void write_metadata(const object::ObjectName& name, ByteView bytes) = 0;
  /// `content` gives exactly `size` bytes, or else the object is refused; none for a symlink.
  virtual void write_content(const Checksum& file, const object::FileHeader& header,
                             std::uint64_t size, ByteSource& content) = 0;
};

}  // namespace xylem::delta
