#include "tree/checkout/new_file.hpp"

#include "base/os/os.hpp"
#include "tree/checkout/temporary_name.hpp"

namespace xylem::tree {

NewFile::NewFile(FileDescriptor dir) : fd_(os::try_open_nameless(dir, 0600)) {
  if (fd_.valid()) return;
  const PathAt path{dir, temporary_name()};
  fd_ = os::open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  temporary_ = path;
}

NewFile::~NewFile() {
  if (temporary_) remove_quietly(*temporary_);
}

bool NewFile::link(const PathAt& path) const {
  return temporary_ ? os::link(*temporary_, path) : os::link_fd(fd_, path);
}

}  // namespace xylem::tree
