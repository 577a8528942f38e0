#pragma once

#include <memory>
#include <string>

#include "archive/entry.hpp"
#include "archive/utf8_locale.hpp"
#include "base/os/fd.hpp"

namespace xylem::archive {

enum class Format {
  GnuTar,  ///< What every tar reads. Holds no extended attributes.
  PaxTar,  ///< With extended attributes.
};

/// Writes a tar archive as a stream. Works in the thread that made it. Not closed, it is not
/// complete.
class Writer {
 public:
  /// Borrows `fd`; `name` is for messages. A pipe gets whole records of 10 KiB, as from tar.
  Writer(FileDescriptor fd, std::string name, Format format);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Ends the entry before, and begins this one; write() gives exactly `entry.size` bytes after it.
  /// Throws Error(Unsupported) for what the format cannot hold, Error(Io) or Error(NoSpace).
  void begin(const Entry& entry);
  void write(ByteView bytes);
  /// Writes the end of the archive.
  void close();

 private:
  struct Output;

  [[noreturn]] void fail(const char* what);

  const Utf8Locale locale_;
  const std::string name_;
  const Format format_;
  std::unique_ptr<Output> output_;
};

}  // namespace xylem::archive
