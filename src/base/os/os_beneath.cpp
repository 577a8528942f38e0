#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <deque>
#include <vector>

#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_open.hpp"
#include "base/path.hpp"
#include "xylem/error.hpp"

namespace xylem::os {

namespace {

constexpr unsigned most_symlinks = 40;

[[noreturn]] void refuse(const PathAt& path) {
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("{} leads out of its directory", path_of(path)));
}

int open_by_kernel(const PathAt& path, int flags, mode_t mode, Symlinks symlinks) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  if (symlinks == Symlinks::Refuse) how.resolve |= RESOLVE_NO_SYMLINKS;
  return static_cast<int>(
      ::syscall(SYS_openat2, path.dir.get(), path.name.c_str(), &how, sizeof how));
}

/// Linux before 5.6 has no openat2; older sandboxes answer EPERM to what they do not know.
bool is_unknown_call(int error_number) {
  return error_number == ENOSYS || error_number == EPERM;
}

/// The same, name by name.
class Walk {
 public:
  Walk(const PathAt& path, int flags, mode_t mode, Symlinks symlinks)
      : path_(path), flags_(flags), mode_(mode), symlinks_(symlinks) {
    push(path.name);
  }

  int run() {
    while (names_.size() > 1) {
      if (!step()) return -1;
    }
    return names_.empty() ? open_at(here(), ".", flags_) : finish();
  }

 private:
  FileDescriptor here() const {
    return above_.empty() ? path_.dir : FileDescriptor(above_.back().get());
  }

  /// Puts the names of a path, or of a symlink's target, in front of those that are left.
  void push(std::string_view text) {
    if (text.starts_with('/')) refuse(path_);
    auto names = path_components(text);
    std::erase(names, ".");
    names_.insert(names_.begin(), names.begin(), names.end());
  }

  std::string pop() {
    std::string name = std::move(names_.front());
    names_.pop_front();
    return name;
  }

  int open_at(FileDescriptor dir, const std::string& name, int flags) const {
    return ::openat(dir.get(), name.c_str(), flags | O_NOFOLLOW | always_flags, mode_);
  }

  /// Whether `name` was a symlink, which is followed then.
  bool follow(const std::string& name) {
    std::string target(PATH_MAX, '\0');
    const auto size = ::readlinkat(here().get(), name.c_str(), target.data(), target.size());
    if (size == -1) {
      errno = ENOTDIR;  // what it is that could not be entered
      return false;
    }
    if (symlinks_ == Symlinks::Refuse || ++followed_ > most_symlinks) {
      errno = ELOOP;
      return false;
    }
    push(std::string_view(target).substr(0, static_cast<std::size_t>(size)));
    return true;
  }

  /// Enters the next directory; false, with errno, if it cannot be entered.
  bool step() {
    const std::string name = pop();
    if (name == "..") {
      if (above_.empty()) refuse(path_);
      above_.pop_back();
      return true;
    }
    const int dir = open_at(here(), name, O_PATH | O_DIRECTORY);
    if (dir == -1) return errno == ENOTDIR && follow(name);
    above_.emplace_back(dir);
    return true;
  }

  int finish() {
    while (names_.size() == 1) {
      if (names_.front() == "..") {
        if (!step()) return -1;
        break;
      }
      const std::string name = pop();
      const int fd = open_at(here(), name, flags_);
      if (fd != -1 || (errno != ELOOP && errno != ENOTDIR) || !follow(name)) return fd;
    }
    return run();
  }

  const PathAt& path_;
  int flags_;
  mode_t mode_;
  Symlinks symlinks_;
  std::deque<std::string> names_;
  std::vector<UniqueFd> above_;
  unsigned followed_ = 0;
};

}  // namespace

UniqueFd open_beneath(const PathAt& path, int flags, mode_t mode, Symlinks symlinks) {
  int fd = open_observed(
      path, flags, [&](int all_flags) { return open_by_kernel(path, all_flags, mode, symlinks); });
  if (fd == -1 && is_unknown_call(errno))
    fd = open_observed(path, flags,
                       [&](int all_flags) { return Walk(path, all_flags, mode, symlinks).run(); });
  if (fd == -1 && errno == EXDEV) refuse(path);
  check(fd, "Opening", path);
  return UniqueFd(fd);
}

}  // namespace xylem::os
