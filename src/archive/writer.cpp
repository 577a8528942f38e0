#include "archive/writer.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <exception>

#include "archive/handle.hpp"
#include "base/os/os.hpp"

namespace xylem::archive {

namespace {

EntryHandle header_of(const Entry& entry, Format format) {
  EntryHandle header(::archive_entry_new());
  if (!header) throw std::bad_alloc();
  ::archive_entry_copy_pathname(header.get(), entry.path.c_str());
  if (S_ISLNK(entry.mode)) ::archive_entry_copy_symlink(header.get(), entry.symlink.c_str());
  ::archive_entry_set_mode(header.get(), entry.mode);
  ::archive_entry_set_uid(header.get(), entry.uid);
  ::archive_entry_set_gid(header.get(), entry.gid);
  ::archive_entry_set_size(header.get(), static_cast<la_int64_t>(entry.size));
  ::archive_entry_set_mtime(header.get(), entry.mtime, 0);
  if (format == Format::PaxTar)
    for (const EntryXattr& xattr : entry.xattrs)
      ::archive_entry_xattr_add_entry(header.get(), xattr.name.c_str(), xattr.value.data(),
                                      xattr.value.size());
  return header;
}

}  // namespace

/// What libarchive's callbacks work on. They are C: an exception waits here until they are done.
struct Writer::Output {
  explicit Output(FileDescriptor to) : fd(to), handle(::archive_write_new()) {}

  static la_ssize_t write(struct archive* archive, void* context, const void* bytes,
                          std::size_t size) noexcept {
    auto& output = *static_cast<Output*>(context);
    try {
      os::write_all(output.fd, ByteView(static_cast<const std::uint8_t*>(bytes), size));
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      output.failure = std::current_exception();
      ::archive_set_error(archive, EIO, "writing failed");
      return ARCHIVE_FATAL;
    }
  }

  FileDescriptor fd;
  std::exception_ptr failure;
  WriterHandle handle;  ///< Last: it may write until it is gone.
};

Writer::Writer(FileDescriptor fd, std::string name, Format format)
    : name_(std::move(name)), format_(format), output_(std::make_unique<Output>(fd)) {
  if (!output_->handle) throw std::bad_alloc();
  struct archive* handle = output_->handle.get();
  const int result = format == Format::GnuTar ? ::archive_write_set_format_gnutar(handle)
                                              : ::archive_write_set_format_pax(handle);
  if (result != ARCHIVE_OK) fail("Starting");
  // The one that every tar reads. By default each attribute comes twice, and is then read twice.
  if (format == Format::PaxTar &&
      ::archive_write_set_format_option(handle, "pax", "xattrheader", "SCHILY") != ARCHIVE_OK)
    fail("Starting");
  // A file ends where the archive ends.
  if (S_ISREG(os::stat(fd).st_mode)) ::archive_write_set_bytes_in_last_block(handle, 1);
  if (::archive_write_open(handle, output_.get(), nullptr, &Output::write, nullptr) != ARCHIVE_OK)
    fail("Starting");
}

Writer::~Writer() {
  // Without it, freeing would write an end, which makes half an archive look like a whole one.
  ::archive_write_fail(output_->handle.get());
}

void Writer::begin(const Entry& entry) {
  const EntryHandle header = header_of(entry, format_);
  const int result = ::archive_write_header(output_->handle.get(), header.get());
  if (result == ARCHIVE_OK) return;
  if (output_->failure) fail("Writing");
  throw Error(ErrorKind::Unsupported, fmt::format("Writing {} to archive {}: {}", entry.path, name_,
                                                  reason(output_->handle.get())));
}

void Writer::write(ByteView bytes) {
  const la_ssize_t count = ::archive_write_data(output_->handle.get(), bytes.data(), bytes.size());
  if (count != static_cast<la_ssize_t>(bytes.size())) fail("Writing");
}

void Writer::close() {
  if (::archive_write_close(output_->handle.get()) != ARCHIVE_OK) fail("Ending");
}

void Writer::fail(const char* what) {
  if (output_->failure) std::rethrow_exception(std::exchange(output_->failure, nullptr));
  throw Error(ErrorKind::Io,
              fmt::format("{} archive {}: {}", what, name_, reason(output_->handle.get())));
}

}  // namespace xylem::archive
