#include "repo/disk/replace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <string>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/random_name.hpp"

namespace xylem::repo {

namespace {

/// Not a ref's name, so that a left-over does no harm below refs/.
constexpr char temporary_prefix[] = ".tmp-";

/// Removes a name unless it was renamed away.
class TemporaryName {
 public:
  explicit TemporaryName(FileDescriptor dir) : path_{dir, random_name(temporary_prefix)} {}
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  ~TemporaryName() {
    try {
      if (!renamed_) os::unlink(path_);
    } catch (const std::exception&) {
      // The error that brought us here is the one to report.
    }
  }
  const PathAt& path() const { return path_; }
  void rename_to(const PathAt& path) {
    os::rename(path_, path);
    renamed_ = true;
  }

 private:
  PathAt path_;
  bool renamed_ = false;
};

struct SplitPath {
  std::string dir;
  std::string leaf;
};

SplitPath split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {path.substr(0, std::max<std::size_t>(slash, 1)), path.substr(slash + 1)};
}

}  // namespace

void replace_file(const PathAt& path, ByteView content, bool fsync, mode_t mode) {
  const SplitPath parts = split(path.name);
  const UniqueFd dir = os::open_dir({path.dir, parts.dir});
  TemporaryName name(dir);
  // Without a name until it is complete, where possible: then a crash leaves nothing behind.
  UniqueFd file = os::try_open_nameless(dir, mode);
  const bool nameless = file.valid();
  if (!nameless) file = os::open(name.path(), O_WRONLY | O_CREAT | O_EXCL, mode);
  os::set_mode(file, mode);
  os::write_all(file, content);
  if (fsync) os::fdatasync(file);
  if (nameless && !os::link_fd(file, name.path()))
    os::fail(EEXIST, "Creating", os::path_of(name.path()));
  name.rename_to({dir, parts.leaf});
  if (fsync) os::fsync(dir);
}

void replace_symlink(const PathAt& path, std::string_view target, bool fsync) {
  const SplitPath parts = split(path.name);
  const UniqueFd dir = os::open_dir({path.dir, parts.dir});
  TemporaryName name(dir);
  os::symlink(target, name.path());
  name.rename_to({dir, parts.leaf});
  if (fsync) os::fsync(dir);
}

}  // namespace xylem::repo
