#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_observer.hpp"
#include "xylem/error.hpp"

namespace xylem::os {

namespace {

constexpr std::size_t max_io = 1U << 30;

/// As much of it as one call takes.
ByteView first_part(ByteView bytes) {
  return bytes.first(std::min(bytes.size(), max_io));
}

}  // namespace

std::size_t read_at(FileDescriptor fd, MutableByteView buffer, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const std::size_t want = std::min(buffer.size() - done, max_io);
    const auto count = observed({.operation = Operation::Read, .fd = fd}, [&] {
      return ::pread(fd.get(), buffer.data() + done, want, static_cast<off_t>(offset + done));
    });
    check(count, "Reading", fd);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t read_some(FileDescriptor fd, MutableByteView buffer) {
  const auto count = observed({.operation = Operation::Read, .fd = fd}, [&] {
    return ::read(fd.get(), buffer.data(), std::min(buffer.size(), max_io));
  });
  check(count, "Reading", fd);
  return static_cast<std::size_t>(count);
}

void write_all(FileDescriptor fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ByteView part = first_part(bytes);
    const auto count =
        observed({.operation = Operation::Write, .fd = fd, .bytes = part, .offset = at_position},
                 [&] { return ::write(fd.get(), part.data(), part.size()); });
    check(count, "Writing", fd);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void write_all_at(FileDescriptor fd, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ByteView part = first_part(bytes);
    const auto count = observed(
        {.operation = Operation::Write, .fd = fd, .bytes = part, .offset = offset},
        [&] { return ::pwrite(fd.get(), part.data(), part.size(), static_cast<off_t>(offset)); });
    check(count, "Writing", fd);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

Bytes read_file(FileDescriptor fd, std::uint64_t limit) {
  const auto size = static_cast<std::uint64_t>(stat(fd).st_size);
  if (size > limit)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} has {} bytes, more than the {} allowed", path_of(fd), size, limit));
  Bytes bytes(size);
  bytes.resize(read_at(fd, bytes, 0));
  return bytes;
}

std::optional<Bytes> try_read_file(const PathAt& path, std::uint64_t limit) {
  // A pipe may stand under any name that others can write: it must not stop us.
  const UniqueFd fd = try_open(path, O_RDONLY | O_NONBLOCK);
  if (!fd.valid()) return std::nullopt;
  require_regular(fd, path);
  return read_file(fd, limit);
}

void copy_file(FileDescriptor from, FileDescriptor to, std::uint64_t size) {
  std::uint64_t done = 0;
  while (done < size) {
    off_t in = static_cast<off_t>(done);
    off_t out = in;
    const auto count = observed({.operation = Operation::Copy, .fd = to, .offset = done}, [&] {
      return ::copy_file_range(from.get(), &in, to.get(), &out, size - done, 0);
    });
    if (count <= 0) break;  // not between these file systems: copy by hand
    done += static_cast<std::uint64_t>(count);
  }
  Bytes buffer(done < size ? std::min<std::uint64_t>(size - done, 1U << 17) : 0);
  while (done < size) {
    const std::size_t count = read_at(from, buffer, done);
    if (count == 0) fail(EIO, "Copying", path_of(from));
    write_all_at(to, ByteView(buffer).first(count), done);
    done += count;
  }
}

void truncate(FileDescriptor fd, std::uint64_t size) {
  const auto result = observed({.operation = Operation::Truncate, .fd = fd, .offset = size},
                               [&] { return ::ftruncate(fd.get(), static_cast<off_t>(size)); });
  check(result, "Resizing", fd);
}

void start_writeback(FileDescriptor fd) noexcept {
  observed({.operation = Operation::StartWriteback, .fd = fd},
           [&] { return ::sync_file_range(fd.get(), 0, 0, SYNC_FILE_RANGE_WRITE); });
}

}  // namespace xylem::os
