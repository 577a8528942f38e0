#include "pull/download_dir.hpp"

#include "base/directory.hpp"
#include "base/log.hpp"
#include "repo/layout.hpp"

namespace xylem::pull {

DownloadDir::DownloadDir(FileDescriptor tmp)
    : dir_(repo::allocate_tmpdir(tmp, repo::layout::fetch_prefix)) {}

DownloadDir::~DownloadDir() {
  if (!dir_.valid()) return;
  try {
    if (list_directory(dir_.fd()).empty()) dir_.remove();
  } catch (const std::exception& error) {
    log_warning("{}", error.what());
  }
}

}  // namespace xylem::pull
