#include "delta/apply/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/disk/random_name.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

/// For reading and writing by us alone.
UniqueFd open_without_name(FileDescriptor dir) {
  constexpr mode_t private_mode = 0600;
  UniqueFd file = os::try_open_nameless(dir, private_mode);
  if (file.valid()) return file;
  const PathAt path{dir, repo::random_name("delta-")};
  file = os::open(path, O_RDWR | O_CREAT | O_EXCL, private_mode);
  os::unlink(path);
  return file;
}

}  // namespace

void Spool::append(ByteView bytes) {
  if (in_memory() && size_ + bytes.size() > options_.memory) move_to_file();
  if (in_memory())
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
  else
    os::write_all_at(file_, bytes, size_);
  size_ += bytes.size();
}

void Spool::append_all(ByteSource& source) {
  Bytes buffer(stream_buffer_size);
  while (const std::size_t count = source.read(buffer)) append(ByteView(buffer).first(count));
}

void Spool::read_at(MutableByteView buffer, std::uint64_t offset) const {
  if (in_memory()) return RandomMemory(memory_).read_at(buffer, offset);
  const Stretch wanted{offset, buffer.size()};
  if (!wanted.fits(size_) || os::read_at(file_, buffer, offset) < buffer.size())
    throw Error(ErrorKind::Corrupt,
                fmt::format("There are no {} bytes at {}", buffer.size(), offset));
}

void Spool::move_to_file() {
  file_ = open_without_name(options_.dir);
  os::write_all_at(file_, memory_, 0);
  memory_ = {};
}

}  // namespace xylem::delta
