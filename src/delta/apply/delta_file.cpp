#include "delta/apply/delta_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "delta/format/limits.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

constexpr char superblock_name[] = "superblock";

/// The content of a file of which it keeps the descriptor.
class OwnedFile : public ByteSource {
 public:
  explicit OwnedFile(UniqueFd fd) : fd_(std::move(fd)), source_(fd_) {}
  std::size_t read(MutableByteView buffer) override { return source_.read(buffer); }

 private:
  UniqueFd fd_;
  FdSource source_;
};

bool is_directory(const PathAt& path) {
  const auto info = os::try_stat(path);
  return info && S_ISDIR(info->st_mode);
}

/// Where the parts of the superblock are.
UniqueFd open_directory_of(const PathAt& path) {
  if (is_directory(path)) return os::open_dir(path);
  const std::size_t slash = path.name.rfind('/');
  if (slash == std::string::npos) return os::open_dir({path.dir, "."});
  return os::open_dir({path.dir, path.name.substr(0, slash + 1)});
}

Bytes read_superblock(const PathAt& path) {
  const PathAt file{path.dir, is_directory(path) ? path.name + "/" + superblock_name : path.name};
  auto bytes = os::try_read_file(file, max_superblock_size);
  if (!bytes) throw Error(ErrorKind::NotFound, "No static delta at " + os::path_of(file));
  return std::move(*bytes);
}

}  // namespace

DeltaFile::DeltaFile(const PathAt& path)
    : bytes_(read_superblock(path)), dir_(open_directory_of(path)) {}

std::unique_ptr<ByteSource> DeltaFile::open_part(std::size_t index) const {
  if (const auto part = bytes_.inline_part(index)) return std::make_unique<MemorySource>(*part);
  UniqueFd fd = os::try_open({dir_, std::to_string(index)}, O_RDONLY | O_NONBLOCK);
  if (!fd.valid())
    throw Error(ErrorKind::NotFound,
                fmt::format("Part {} of the delta is not in {}", index, os::path_of(dir_)));
  os::require_regular(fd, {dir_, std::to_string(index)});
  return std::make_unique<OwnedFile>(std::move(fd));
}

}  // namespace xylem::delta
