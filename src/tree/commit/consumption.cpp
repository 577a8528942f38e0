#include "tree/commit/consumption.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/error_list.hpp"
#include "base/os/os.hpp"

namespace xylem::tree {

namespace {

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/// A file that became an object itself has the time of objects, which is 1970.
bool is_unchanged(const struct stat& before, const struct stat& now) {
  if (!os::same_file(before, now)) return false;
  const bool is_object = now.st_mtim.tv_sec == 0 && now.st_mtim.tv_nsec == 0;
  return before.st_size == now.st_size && (is_object || same_time(before.st_mtim, now.st_mtim));
}

class Consumer {
 public:
  void remove_root(const SeenDir& root) {
    failures_.attempt([&] {
      remove_contents({FileDescriptor::cwd(), root.name}, 0, root);
      if (root.name != ".") remove_empty({FileDescriptor::cwd(), root.name});
    });
  }

  void finish() { failures_.throw_if_any("Removing what is committed"); }

 private:
  void remove_contents(const PathAt& path, int flags, const SeenDir& seen) {
    const UniqueFd dir = os::try_open(path, O_RDONLY | O_DIRECTORY | flags);
    if (!dir.valid() || !os::same_file(os::stat(dir), seen.info)) return;
    for (const SeenFile& file : seen.files) failures_.attempt([&] { remove_file(dir, file); });
    for (const SeenDir& child : seen.dirs)
      failures_.attempt([&] {
        remove_contents({dir, child.name}, O_NOFOLLOW, child);
        remove_empty({dir, child.name});
      });
  }

  static void remove_file(FileDescriptor dir, const SeenFile& file) {
    const auto now = os::try_stat({dir, file.name});
    if (now && is_unchanged(file.info, *now)) os::unlink({dir, file.name});
  }

  /// A symlink to the directory stays, and so does what is no directory any more.
  static void remove_empty(const PathAt& path) {
    const auto now = os::try_stat(path);
    if (now && S_ISDIR(now->st_mode)) os::remove_dir(path);
  }

  ErrorList failures_;
};

/// Whether `dir` is `other`, or below it.
bool is_within(FileDescriptor dir, FileDescriptor other) {
  const struct stat wanted = os::stat(other);
  UniqueFd here = os::open({dir, "."}, O_PATH | O_DIRECTORY);
  for (struct stat info = os::stat(here); !os::same_file(info, wanted);) {
    here = os::open({here, ".."}, O_PATH | O_DIRECTORY);
    const struct stat above = os::stat(here);
    if (os::same_file(info, above)) return false;
    info = above;
  }
  return true;
}

[[noreturn]] void throw_holds_repository(const std::string& what) {
  throw Error(ErrorKind::InvalidArgument, what + ": --consume would delete the repository")
      .hint("leave out --consume, or commit a directory that is apart from the repository");
}

}  // namespace

void consume(const std::vector<SeenDir>& roots) {
  Consumer consumer;
  for (const SeenDir& root : roots) consumer.remove_root(root);
  consumer.finish();
}

void require_other(const struct stat& info, const std::string& path, FileDescriptor repository) {
  if (os::same_file(info, os::stat(repository)))
    throw_holds_repository(fmt::format("{} is the repository", path));
}

void require_apart(const std::string& path, FileDescriptor repository) {
  const UniqueFd dir = os::open_dir({FileDescriptor::cwd(), path});
  if (is_within(dir, repository)) throw_holds_repository(path + " is the repository or lies in it");
  if (is_within(repository, dir)) throw_holds_repository(path + " holds the repository");
}

}  // namespace xylem::tree
