#include "archive/reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "archive/handle.hpp"
#include "base/os/os.hpp"

namespace xylem::archive {

namespace {

/// Whoever reads an archive remembers its names. A small compressed file may hold very many.
constexpr std::uint64_t max_names_size = 512ULL * 1024 * 1024;
constexpr std::uint64_t size_of_entry = 64;

std::string text_or_empty(const char* text) {
  return text != nullptr ? text : "";
}

std::vector<EntryXattr> read_xattrs(struct archive_entry* entry) {
  std::vector<EntryXattr> xattrs;
  ::archive_entry_xattr_reset(entry);
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (::archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
    const auto* bytes = static_cast<const std::uint8_t*>(value);
    xattrs.push_back({name, Bytes(bytes, bytes + size)});
  }
  return xattrs;
}

std::uint32_t id_of(std::int64_t id, const char* what, const Entry& entry) {
  if (id < 0 || id > std::numeric_limits<std::uint32_t>::max())
    throw Error(ErrorKind::Corrupt, fmt::format("{} has the {} id {}", entry.path, what, id));
  return static_cast<std::uint32_t>(id);
}

Entry entry_of(struct archive_entry* header) {
  Entry entry;
  entry.path = text_or_empty(::archive_entry_pathname(header));
  entry.hardlink = text_or_empty(::archive_entry_hardlink(header));
  entry.symlink = text_or_empty(::archive_entry_symlink(header));
  entry.mode = ::archive_entry_mode(header);
  // Of a hard link some archives store the permissions only.
  if (!entry.hardlink.empty())
    entry.mode = (entry.mode & ~static_cast<std::uint32_t>(S_IFMT)) | S_IFREG;
  entry.uid = id_of(::archive_entry_uid(header), "user", entry);
  entry.gid = id_of(::archive_entry_gid(header), "group", entry);
  // A symlink's target, which cpio stores as its content, is no content for us.
  const bool is_symlink = ::archive_entry_filetype(header) == AE_IFLNK;
  const std::int64_t size = is_symlink ? 0 : ::archive_entry_size(header);
  if (size < 0) throw Error(ErrorKind::Corrupt, fmt::format("{} has a negative size", entry.path));
  entry.size = static_cast<std::uint64_t>(size);
  entry.mtime = ::archive_entry_mtime(header);
  entry.xattrs = read_xattrs(header);
  return entry;
}

void support_formats(struct archive* handle) {
  for (auto* support : {::archive_read_support_format_tar, ::archive_read_support_format_cpio,
                        ::archive_read_support_filter_gzip, ::archive_read_support_filter_bzip2,
                        ::archive_read_support_filter_xz, ::archive_read_support_filter_lzma,
                        ::archive_read_support_filter_lz4, ::archive_read_support_filter_zstd,
                        ::archive_read_support_filter_compress})
    support(handle);
  // So that a file of zeros or of nothing is an archive without entries, as `tar -T /dev/null`
  // writes it.
  ::archive_read_support_format_empty(handle);
}

}  // namespace

/// What libarchive's callbacks work on. They are C: an exception waits here until they are done.
struct Reader::Input {
  explicit Input(FileDescriptor from) : fd(from), handle(::archive_read_new()) {}

  static la_ssize_t read(struct archive* archive, void* context, const void** bytes) noexcept {
    auto& input = *static_cast<Input*>(context);
    try {
      *bytes = input.buffer.data();
      return static_cast<la_ssize_t>(os::read_some(input.fd, input.buffer));
    } catch (...) {
      input.failure = std::current_exception();
      ::archive_set_error(archive, EIO, "reading failed");
      return ARCHIVE_FATAL;
    }
  }

  FileDescriptor fd;
  ReaderHandle handle;
  Bytes buffer = Bytes(stream_buffer_size);
  std::exception_ptr failure;
};

Reader::Reader(FileDescriptor fd, std::string name)
    : name_(std::move(name)), input_(std::make_unique<Input>(fd)) {
  if (!input_->handle) throw std::bad_alloc();
  struct archive* handle = input_->handle.get();
  support_formats(handle);
  if (::archive_read_open(handle, input_.get(), nullptr, &Input::read, nullptr) != ARCHIVE_OK)
    fail(handle);
}

Reader::~Reader() = default;

std::optional<Entry> Reader::next() {
  struct archive* handle = input_->handle.get();
  struct archive_entry* header = nullptr;
  const int result = ::archive_read_next_header(handle, &header);
  if (result == ARCHIVE_EOF) return std::nullopt;
  if (result != ARCHIVE_OK) fail(handle);
  try {
    Entry entry = entry_of(header);
    charge(entry);
    return entry;
  } catch (Error& error) {
    throw error.prefix(fmt::format("Reading archive {}", name_));
  }
}

std::size_t Reader::read(MutableByteView buffer) {
  struct archive* handle = input_->handle.get();
  la_ssize_t count = ARCHIVE_RETRY;
  while (count == ARCHIVE_RETRY) count = ::archive_read_data(handle, buffer.data(), buffer.size());
  if (count < 0) fail(handle);
  return static_cast<std::size_t>(count);
}

void Reader::fail(struct archive* handle) {
  if (input_->failure) std::rethrow_exception(std::exchange(input_->failure, nullptr));
  throw Error(ErrorKind::Corrupt, fmt::format("Reading archive {}: {}", name_, reason(handle)),
              {.path = name_,
               .hint = "use a tar or cpio archive, plain or compressed by gzip, bzip2, xz, lz4 or "
                       "zstd"});
}

void Reader::charge(const Entry& entry) {
  if (entry.path.empty()) throw Error(ErrorKind::Corrupt, "An entry has no name that is UTF-8");
  names_size_ += size_of_entry + entry.path.size() + entry.hardlink.size();
  if (names_size_ > max_names_size)
    throw Error(ErrorKind::Corrupt,
                fmt::format("The names of the entries take more than {} MiB",
                            max_names_size / (1024 * 1024)),
                {.hint = "split the archive, and commit its parts with several --tree options"});
}

}  // namespace xylem::archive
