#pragma once

/// \file
/// Room `archive`: tar and cpio archives as streams of entries, both ways. Knows nothing of OSTree,
/// networks, threads.
///
/// Reading: one entry after the other, in constant memory, from anything that can be read, a pipe
/// included.

#include <exception>
#include <memory>
#include <optional>

#include "archive/entry.hpp"
#include "archive/utf8_locale.hpp"
#include "base/os/fd.hpp"
#include "base/stream.hpp"

struct archive;

namespace xylem::archive {

/// Reads tar (all its dialects) and cpio, also compressed by gzip, bzip2, xz, lzma, lz4, zstd or
/// compress. No other format: some of libarchive's make it open files that the archive names, or
/// run programs.
///
/// Works in the thread that made it. The source of the current entry's content is the reader
/// itself.
class Reader : public ByteSource {
 public:
  /// Borrows `fd`; `name` is for messages. Throws Error(Corrupt) for what is no such archive.
  Reader(FileDescriptor fd, std::string name);
  ~Reader() override;

  /// The next header; nullopt is the end. What was not read of the previous content is skipped.
  /// Throws Error(Corrupt) for damage, an entry without a name, and names that take more than
  /// 512 MiB together.
  std::optional<Entry> next();
  /// Content of the entry that next() returned last.
  std::size_t read(MutableByteView buffer) override;

 private:
  struct Input;

  [[noreturn]] void fail(struct archive* handle);
  void charge(const Entry& entry);

  const Utf8Locale locale_;
  const std::string name_;
  std::unique_ptr<Input> input_;
  std::uint64_t names_size_ = 0;
};

}  // namespace xylem::archive
