#include "fetcher/download/partial_file.hpp"

#include <fcntl.h>

#include <ctime>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "fetcher/download/download_name.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

constexpr mode_t file_mode = 0644;

}  // namespace

PartialFile::PartialFile(FileDescriptor dir, std::string name)
    : dir_(dir),
      name_(std::move(name)),
      file_(os::open({dir_, part_name(name_)}, O_RDWR | O_CREAT | O_NOFOLLOW, file_mode)),
      size_(static_cast<std::uint64_t>(os::stat(file_).st_size)),
      record_(read_record(dir_, name_)) {}

void PartialFile::show_to(BodyWatcher& watcher, std::uint64_t total) {
  watcher_ = &watcher;
  watcher.goes_to(file_, size_, total);
}

void PartialFile::dismiss_watcher() {
  if (watcher_ != nullptr) std::exchange(watcher_, nullptr)->starts_over();
}

void PartialFile::start_over() {
  dismiss_watcher();
  os::truncate(file_, 0);
  size_ = 0;
  record_.reset();
}

void PartialFile::describe(DownloadRecord record) {
  record.updated = std::time(nullptr);
  record.started = record_ ? record_->started : record.updated;
  const std::string text = format_record(record);
  const UniqueFd file =
      os::open({dir_, record_name(name_)}, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, file_mode);
  os::write_all(file, as_bytes(text));
  record_ = std::move(record);
}

void PartialFile::write(ByteView bytes) {
  os::write_all_at(file_, bytes, size_);
  size_ += bytes.size();
  if (watcher_ != nullptr) watcher_->grew(size_);
}

std::string PartialFile::finish() {
  os::rename({dir_, part_name(name_)}, {dir_, name_});
  os::unlink({dir_, record_name(name_)});
  return name_;
}

DownloadDirectory::DownloadDirectory(FileDescriptor dir) : dir_(dir) {
  for (auto& entry : list_directory(dir_)) {
    if (is_anonymous_name(entry.name))
      os::unlink({dir_, entry.name});
    else
      seen_.insert(std::move(entry.name));
  }
}

std::string DownloadDirectory::next_anonymous_name() {
  return anonymous_name(next_anonymous_++);
}

void DownloadDirectory::expect(const std::string& name) {
  seen_.insert({name, part_name(name)});
}

std::optional<std::uint64_t> DownloadDirectory::take_finished(const std::string& name) {
  if (seen_.erase(name) == 0) return std::nullopt;
  const auto found = os::try_stat({dir_, name});
  if (!found || !S_ISREG(found->st_mode)) return std::nullopt;
  // Of an earlier user who ended between finish()'s two steps.
  if (seen_.erase(record_name(name)) != 0) os::unlink({dir_, record_name(name)});
  return static_cast<std::uint64_t>(found->st_size);
}

/// One that cannot be used is as good as none.
std::optional<PartialFile> DownloadDirectory::open_partial(const std::string& name) {
  if (!seen_.contains(part_name(name)) || !os::exists({dir_, part_name(name)})) return std::nullopt;
  try {
    return PartialFile(dir_, name);
  } catch (const Error& error) {
    log_info("{} begins anew: {}", name, error.what());
  }
  remove(name);
  return std::nullopt;
}

PartialFile DownloadDirectory::create_partial(const std::string& name) {
  seen_.insert(part_name(name));
  return PartialFile(dir_, name);
}

void DownloadDirectory::remove(const std::string& name) {
  for (const auto& file : download_files(name)) {
    seen_.erase(file);
    os::unlink({dir_, file});
  }
}

}  // namespace xylem::fetcher
