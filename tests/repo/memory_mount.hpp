#pragma once

#include <sys/mount.h>
#include <sys/stat.h>

#include <string>

namespace xylem::test {

/// A file system in memory, mounted on a new directory; only root can do that.
class MemoryMount {
 public:
  /// `size` as in the mount option of tmpfs: "4m".
  MemoryMount(const std::string& path, const std::string& size) : path_(path) {
    ::mkdir(path_.c_str(), 0755);
    const std::string options = "size=" + size;
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  MemoryMount(const MemoryMount&) = delete;
  MemoryMount& operator=(const MemoryMount&) = delete;
  ~MemoryMount() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace xylem::test
