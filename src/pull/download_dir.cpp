#include "pull/download_dir.hpp"

#include "base/log.hpp"
#include "pull/downloads.hpp"
#include "pull/pull_record.hpp"
#include "repo/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

DownloadDir::DownloadDir(FileDescriptor tmp)
    : tmp_(tmp), dir_(repo::allocate_tmpdir(tmp, repo::layout::fetch_prefix)) {
  try {
    remove_notes(dir_.fd());
    gather_downloads(tmp_, dir_);
  } catch (const Error& error) {
    log_warning("Partial downloads stay where they are: {}", error.what());
  }
}

bool DownloadDir::take_over(const std::string& download) try {
  return gather_downloads(tmp_, dir_, download);
} catch (const Error& error) {
  log_warning("A partial download stays where it is: {}", error.what());
  return false;
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
