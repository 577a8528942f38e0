#include "cli/shared/output_file.hpp"

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "repo/disk/random_name.hpp"

namespace xylem::cli {

namespace {

PathAt here(const std::string& path) {
  return {FileDescriptor::cwd(), path};
}

bool is_replaceable(const std::string& path) {
  const auto info = os::try_stat(here(path));
  return !info || S_ISREG(info->st_mode);
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : path_(path) {
  constexpr mode_t mode = 0666;  // Less the umask.
  if (is_replaceable(path)) temporary_ = repo::random_name(path + ".part-");
  fd_ = temporary_ ? os::open(here(*temporary_), O_WRONLY | O_CREAT | O_EXCL, mode)
                   : os::open(here(path), O_WRONLY | O_TRUNC);
}

OutputFile::~OutputFile() {
  if (!temporary_) return;
  try {
    os::unlink(here(*temporary_));
  } catch (const std::exception& error) {
    log_warning("A temporary file stays: {}", error.what());
  }
}

void OutputFile::commit() {
  if (!temporary_) return;
  os::rename(here(*temporary_), here(path_));
  temporary_.reset();
}

}  // namespace xylem::cli
