#include <functional>

#include "base/os.hpp"
#include "repo/inflate_source.hpp"
#include "repo/loose_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// As os::read_at(), of one file.
using ReadAt = std::function<std::size_t(MutableByteView, std::uint64_t)>;

/// What is behind `offset`.
class Body : public ByteSource {
 public:
  Body(ReadAt read, std::uint64_t offset) : read_(std::move(read)), offset_(offset) {}
  std::size_t read(MutableByteView buffer) override {
    const std::size_t count = read_(buffer, offset_);
    offset_ += count;
    return count;
  }

 private:
  ReadAt read_;
  std::uint64_t offset_;
};

/// The inflated body of a `.filez`.
class FilezContent : public ByteSource {
 public:
  FilezContent(ReadAt read, std::uint64_t offset, std::uint64_t size)
      : compressed_(std::move(read), offset), inflated_(compressed_, size) {}
  std::size_t read(MutableByteView buffer) override { return inflated_.read(buffer); }

 private:
  Body compressed_;
  InflateSource inflated_;
};

/// What comes out of a file that still grows. Its end is that of the file: what is read is whole.
class GrowingContent : public ByteSource {
 public:
  GrowingContent(std::unique_ptr<ByteSource> content, GrowingFile& file)
      : content_(std::move(content)), file_(file) {}
  std::size_t read(MutableByteView buffer) override {
    file_.require_wanted();
    const std::size_t count = content_->read(buffer);
    if (count == 0) file_.wait_complete();
    return count;
  }

 private:
  std::unique_ptr<ByteSource> content_;
  GrowingFile& file_;
};

/// The front part, which is checked to be no longer than the file.
object::FilezHeader read_header(const ReadAt& read, std::uint64_t file_size) {
  constexpr std::size_t usual_length = 512;
  Bytes start(usual_length);
  start.resize(read(start, 0));
  const std::size_t length = object::filez_header_length(start);
  if (length > file_size)
    throw Error(ErrorKind::Corrupt, "The file is shorter than its header says");
  if (length > start.size()) {
    start.resize(length);
    start.resize(read(start, 0));
  }
  return object::parse_filez_header(start);
}

LoadedFile load(const ReadAt& read, std::uint64_t file_size) {
  LoadedFile file;
  object::FilezHeader filez = read_header(read, file_size);
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
  file.content = std::make_unique<FilezContent>(read, filez.header_length, filez.size);
  return file;
}

}  // namespace

std::optional<LoadedFile> load_archive_file(const PathAt& path) {
  UniqueFd fd = try_open_regular(path);
  if (!fd.valid()) return std::nullopt;
  return load_archive_file(std::move(fd));
}

LoadedFile load_archive_file(UniqueFd fd) {
  const FileDescriptor open = fd;
  const auto size = static_cast<std::uint64_t>(os::stat(open).st_size);
  const auto read = [open](MutableByteView buffer, std::uint64_t offset) {
    return os::read_at(open, buffer, offset);
  };
  LoadedFile file = load(read, size);
  file.fd = std::move(fd);
  return file;
}

LoadedFile load_archive_file(GrowingFile& growing) {
  const auto read = [&growing](MutableByteView buffer, std::uint64_t offset) {
    return growing.read_at(buffer, offset);
  };
  LoadedFile file = load(read, growing.total());
  if (file.content)
    file.content = std::make_unique<GrowingContent>(std::move(file.content), growing);
  file.fd = os::duplicate(growing.fd());
  return file;
}

}  // namespace xylem::repo
