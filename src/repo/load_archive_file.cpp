#include <array>

#include "base/os.hpp"
#include "repo/inflate_source.hpp"
#include "repo/loose_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// The inflated body of a `.filez`.
class FilezContent : public ByteSource {
 public:
  FilezContent(FileDescriptor fd, std::uint64_t offset, std::uint64_t size)
      : compressed_(fd, offset), inflated_(compressed_, size) {}
  std::size_t read(MutableByteView buffer) override { return inflated_.read(buffer); }

 private:
  FdSource compressed_;
  InflateSource inflated_;
};

/// The front part, which is checked to be no longer than the file.
object::FilezHeader read_header(FileDescriptor fd, std::uint64_t file_size) {
  constexpr std::size_t usual_length = 512;
  Bytes start(usual_length);
  start.resize(os::read_at(fd, start, 0));
  const std::size_t length = object::filez_header_length(start);
  if (length > file_size)
    throw Error(ErrorKind::Corrupt, "The file is shorter than its header says");
  if (length > start.size()) {
    start.resize(length);
    start.resize(os::read_at(fd, start, 0));
  }
  return object::parse_filez_header(start);
}

}  // namespace

std::optional<LoadedFile> load_archive_file(const PathAt& path) {
  UniqueFd fd = try_open_regular(path);
  if (!fd.valid()) return std::nullopt;
  return load_archive_file(std::move(fd));
}

LoadedFile load_archive_file(UniqueFd fd) {
  LoadedFile file;
  file.fd = std::move(fd);
  const auto file_size = static_cast<std::uint64_t>(os::stat(file.fd).st_size);
  object::FilezHeader filez = read_header(file.fd, file_size);
  const std::uint64_t body_size = file_size - filez.header_length;
  file.header = std::move(filez.file);
  if (file.header.is_symlink()) {
    if (body_size != 0)
      throw Error(ErrorKind::Corrupt, "There are bytes behind the header of a symlink");
    return file;
  }
  if (!is_plausible_size(filez.size, body_size))
    throw Error(ErrorKind::Corrupt, "The declared size is more than the compressed data can give");
  file.size = filez.size;
  file.content = std::make_unique<FilezContent>(file.fd, filez.header_length, filez.size);
  return file;
}

}  // namespace xylem::repo
