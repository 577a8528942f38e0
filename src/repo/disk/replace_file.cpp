#include "repo/disk/replace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/random_name.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Removes a name unless it was renamed away.
class TemporaryName {
 public:
  explicit TemporaryName(FileDescriptor dir)
      : path_{dir, random_name(layout::half_written_prefix)} {}
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

/// Of a file that is not there yet.
struct Ownership {
  mode_t mode = 0644;
  std::optional<struct stat> like;  ///< Whose owner it gets, as far as we may give it away.
};

/// Only root may give a file away: whoever else may replace it becomes its owner.
void keep_owner(FileDescriptor file, const struct stat& like) try {
  const struct stat now = os::stat(file);
  if (now.st_uid != like.st_uid || now.st_gid != like.st_gid)
    os::set_owner(file, like.st_uid, like.st_gid);
} catch (const Error& error) {
  if (error.details().system_errno != EPERM) throw;
}

/// Before it has a name: nobody shall see it with another owner, or more open.
void take_over(FileDescriptor file, const Ownership& ownership) {
  if (ownership.like) keep_owner(file, *ownership.like);
  os::set_mode(file, ownership.mode);
}

void replace(const PathAt& path, ByteView content, bool fsync, const Ownership& ownership) {
  const SplitPath parts = split(path.name);
  const UniqueFd dir = os::open_dir({path.dir, parts.dir});
  const mode_t first_mode = ownership.mode & (S_IRWXU | (ownership.like ? 0 : S_IRWXG | S_IRWXO));
  TemporaryName name(dir);
  // Without a name until it is complete, where possible: then a crash leaves nothing behind.
  UniqueFd file = os::try_open_nameless(dir, first_mode);
  const bool nameless = file.valid();
  if (!nameless) file = os::open(name.path(), O_WRONLY | O_CREAT | O_EXCL, first_mode);
  take_over(file, ownership);
  os::write_all(file, content);
  if (fsync) os::fdatasync(file);
  if (nameless && !os::link_fd(file, name.path()))
    os::fail(EEXIST, "Creating", os::path_of(name.path()));
  name.rename_to({dir, parts.leaf});
  if (fsync) os::fsync(dir);
}

/// Where the symlinks at `path` end, which may be outside of the directory: whoever made them may
/// write there.
PathAt follow(PathAt path) {
  constexpr int most_links = 40;
  for (int links = 0; links < most_links; ++links) {
    const auto info = os::try_stat(path);
    if (!info || !S_ISLNK(info->st_mode)) return path;
    const std::string target = os::read_link(path);
    const SplitPath parts = split(path.name);
    path.name = target.starts_with('/') ? target : parts.dir + "/" + target;
  }
  os::fail(ELOOP, "Following", os::path_of(path));
}

}  // namespace

void replace_file(const PathAt& path, ByteView content, bool fsync, mode_t mode) {
  replace(path, content, fsync, {mode, std::nullopt});
}

void update_file(const PathAt& path, ByteView content, bool fsync) {
  const PathAt target = follow(path);
  Ownership ownership;
  ownership.like = os::try_stat(target);
  if (ownership.like) ownership.mode = ownership.like->st_mode & 07777;
  replace(target, content, fsync, ownership);
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
