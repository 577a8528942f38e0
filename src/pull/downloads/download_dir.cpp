#include "pull/downloads/download_dir.hpp"

#include "base/log.hpp"
#include "base/os/disk_usage.hpp"
#include "base/os/os_metadata.hpp"
#include "pull/downloads/abort_request.hpp"
#include "pull/downloads/downloads.hpp"
#include "repo/disk/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

/// Others may look at files whose names they know, but not list or lock the directory.
constexpr mode_t download_dir_mode = 0711;

}  // namespace

DownloadDir::DownloadDir(FileDescriptor tmp)
    : tmp_(tmp), dir_(repo::make_tmpdir(tmp, repo::layout::fetch_prefix)) {
  os::set_mode(dir_.fd(), download_dir_mode);
}

bool DownloadDir::take_over(const std::string& download) try {
  return gather_download(tmp_, dir_, download);
} catch (const Error& error) {
  log_warning("A partial download could not be moved: {}", error.what());
  return false;
}

void DownloadDir::look_for_abandoned() try {
  abandoned_ = abandoned_downloads(tmp_);
} catch (const Error& error) {
  log_debug("Cannot look at the partial downloads of other pulls: {}", error.what());
}

void DownloadDir::remove_unwanted(const std::function<bool(const object::ObjectName&)>& here,
                                  const PullRecord* done) const try {
  remove_unwanted_downloads(tmp_, here, done);
} catch (const Error& error) {
  log_warning("Left-over downloads stay: {}", error.what());
}

std::uint64_t DownloadDir::weight() const noexcept try {
  return disk_usage({tmp_, dir_.name()});
} catch (const std::exception&) {
  return 0;  // it is only shown
}

bool DownloadDir::is_abort_requested() const {
  return pull::is_abort_requested(dir_.fd());
}

DownloadDir::~DownloadDir() {
  if (!dir_.valid()) return;
  try {
    if (has_only_notes(dir_.fd())) dir_.remove();
  } catch (const std::exception& error) {
    log_warning("{}", error.what());
  }
}

}  // namespace xylem::pull
