#include <functional>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "repo/loose/inflate_source.hpp"
#include "repo/loose/loose_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Begins to read the file at an offset.
using ReadFrom = std::function<std::unique_ptr<ByteSource>(std::uint64_t offset)>;

/// The inflated body of a `.filez`.
class FilezContent : public ByteSource {
 public:
  FilezContent(std::unique_ptr<ByteSource> compressed, std::uint64_t size)
      : compressed_(std::move(compressed)), inflated_(*compressed_, size) {}
  std::size_t read(MutableByteView buffer) override { return inflated_.read(buffer); }

 private:
  std::unique_ptr<ByteSource> compressed_;
  InflateSource inflated_;
};

/// As FdSource, of a file that still grows.
class GrowingSource : public ByteSource {
 public:
  GrowingSource(GrowingFile& file, std::uint64_t offset) : file_(file), offset_(offset) {}
  std::size_t read(MutableByteView buffer) override {
    const std::size_t count = file_.read_at(buffer, offset_);
    offset_ += count;
    return count;
  }

 private:
  GrowingFile& file_;
  std::uint64_t offset_;
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
object::FilezHeader read_header(const ReadFrom& read_from, std::uint64_t file_size) {
  constexpr std::size_t usual_length = 512;
  Bytes start(usual_length);
  start.resize(read_from(0)->read(start));
  const std::size_t length = object::filez_header_length(start);
  if (length > file_size)
    throw Error(ErrorKind::Corrupt, "The file is shorter than its header says");
  if (length > start.size()) {
    start.resize(length);
    start.resize(read_from(0)->read(start));
  }
  return object::parse_filez_header(start);
}

LoadedFile load(const ReadFrom& read_from, std::uint64_t file_size) {
  LoadedFile file;
  object::FilezHeader filez = read_header(read_from, file_size);
  const std::uint64_t body_size = file_size - filez.header_length;
  file.header = std::move(filez.file);
  if (file.header.is_symlink()) {
    if (body_size != 0) throw Error(ErrorKind::Corrupt, "Bytes follow the header of a symlink");
    return file;
  }
  if (!is_plausible_size(filez.size, body_size))
    throw Error(ErrorKind::Corrupt,
                "The declared size is larger than the compressed data can hold");
  file.size = filez.size;
  file.content = std::make_unique<FilezContent>(read_from(filez.header_length), filez.size);
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
  LoadedFile file =
      load([open](std::uint64_t offset) { return std::make_unique<FdSource>(open, offset); }, size);
  file.fd = std::move(fd);
  return file;
}

LoadedFile load_archive_file(GrowingFile& growing) {
  LoadedFile file =
      load([&](std::uint64_t offset) { return std::make_unique<GrowingSource>(growing, offset); },
           growing.total());
  if (file.content)
    file.content = std::make_unique<GrowingContent>(std::move(file.content), growing);
  file.fd = os::duplicate(growing.fd());
  return file;
}

}  // namespace xylem::repo
