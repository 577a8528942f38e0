#include "xylem/work_directory.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/printable.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/random_name.hpp"
#include "repo/locks/tmpdir.hpp"

namespace xylem {

struct WorkDirectory::Impl {
  UniqueFd parent;
  repo::TmpDir dir;
  std::string path;
};

namespace {

/// An empty one would mean directories of others.
void require_work_prefix(const std::string& prefix) {
  if (prefix.empty() || prefix.front() == '.' || prefix.find('/') != std::string::npos ||
      prefix.find('\0') != std::string::npos)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("'{}' cannot begin the names of directories", printable(prefix)));
}

UniqueFd open_work_parent(const std::string& parent, const std::string& prefix) {
  require_work_prefix(prefix);
  return os::open_dir({FileDescriptor::cwd(), parent});
}

bool is_work_lock(const std::string& name) {
  return name.ends_with(repo::layout::lock_suffix);
}

/// Removes stale directories one by one.
class StaleCleaner {
 public:
  explicit StaleCleaner(FileDescriptor parent) : parent_(parent) {}

  void clean(const DirEntry& entry) try {
    if (is_work_lock(entry.name))
      clean_lock(entry.name);
    else if (entry.type == DT_DIR)
      clean_dir(entry.name);
  } catch (const Error& error) {
    result_.failures.push_back(error);
  }

  StaleDirectories take_result() { return std::move(result_); }

 private:
  void clean_dir(const std::string& name) {
    const auto lock = repo::TmpDirLock::try_acquire({parent_, name});
    if (!lock.held())
      result_.in_use.push_back(name);
    else if (remove_tree({parent_, name}))
      result_.removed.push_back(name);
  }

  /// Taking it and letting it go removes it.
  void clean_lock(const std::string& name) {
    constexpr std::size_t suffix_size = sizeof repo::layout::lock_suffix - 1;
    if (!os::exists({parent_, name.substr(0, name.size() - suffix_size)}) &&
        os::exists({parent_, name}))
      repo::LockFile::try_acquire({parent_, name});
  }

  FileDescriptor parent_;
  StaleDirectories result_;
};

}  // namespace

WorkDirectory::WorkDirectory(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WorkDirectory::WorkDirectory(WorkDirectory&&) noexcept = default;
WorkDirectory& WorkDirectory::operator=(WorkDirectory&&) noexcept = default;
WorkDirectory::~WorkDirectory() = default;

WorkDirectory WorkDirectory::make(const std::string& parent, const std::string& prefix) {
  auto impl = std::make_unique<Impl>();
  impl->parent = open_work_parent(parent, prefix);
  impl->dir = repo::make_tmpdir(impl->parent, prefix);
  impl->path = parent + "/" + impl->dir.name();
  return WorkDirectory(std::move(impl));
}

WorkDirectory WorkDirectory::take_over(const std::string& parent, const std::string& prefix) {
  auto impl = std::make_unique<Impl>();
  impl->parent = open_work_parent(parent, prefix);
  impl->dir = repo::allocate_tmpdir(impl->parent, prefix);
  impl->path = parent + "/" + impl->dir.name();
  return WorkDirectory(std::move(impl));
}

const std::string& WorkDirectory::path() const {
  return impl_->path;
}

int WorkDirectory::fd() const {
  return impl_->dir.valid() ? impl_->dir.fd().get() : -1;
}

bool WorkDirectory::was_there() const {
  return impl_->dir.reused();
}

void WorkDirectory::touch() const {
  impl_->dir.touch();
}

std::string WorkDirectory::stage_deletion(const std::string& path) {
  if (!impl_->dir.valid())
    throw Error(ErrorKind::InvalidArgument, "The directory has been removed");
  // Nobody else makes names here.
  std::string name = repo::random_name("deleted-");
  while (os::exists({impl_->dir.fd(), name})) name = repo::random_name("deleted-");
  os::rename({FileDescriptor::cwd(), path}, {impl_->dir.fd(), name});
  return name;
}

void WorkDirectory::remove() {
  impl_->path.clear();
  if (impl_->dir.valid()) impl_->dir.remove();
}

StaleDirectories remove_stale_directories(const std::string& parent, const std::string& prefix) {
  const UniqueFd dir = open_work_parent(parent, prefix);
  StaleCleaner cleaner(dir);
  for (const DirEntry& entry : list_directory(dir))
    if (entry.name.starts_with(prefix)) cleaner.clean(entry);
  return cleaner.take_result();
}

}  // namespace xylem
