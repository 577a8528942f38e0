#include "pull/downloads/downloads.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "fetcher/download/download_name.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

/// Partial or whole; nullopt if there is neither.
std::optional<std::uint64_t> bytes_in(FileDescriptor dir, const std::string& name) {
  std::optional<std::uint64_t> most;
  for (const std::string& file : {fetcher::part_name(name), name}) {
    const auto info = os::try_stat({dir, file});
    if (info && S_ISREG(info->st_mode))
      most = std::max(most.value_or(0), static_cast<std::uint64_t>(info->st_size));
  }
  return most;
}

/// The names of the downloads of which there are files.
std::set<std::string> downloads_in(FileDescriptor dir) {
  std::set<std::string> names;
  for (const DirEntry& entry : list_directory(dir))
    if (entry.type == DT_REG && !fetcher::is_anonymous_name(entry.name) && !is_note(entry.name))
      names.insert(fetcher::download_of(entry.name));
  return names;
}

void remove_download(FileDescriptor dir, const std::string& name) {
  for (const std::string& file : fetcher::download_files(name)) os::unlink({dir, file});
}

/// Others may have put there what is theirs, or a second name of what is ours: neither is written
/// to. Such files are removed.
void remove_foreign(FileDescriptor dir, const std::string& name) {
  for (const std::string& file : fetcher::download_files(name)) {
    const auto info = os::try_stat({dir, file});
    if (info && (info->st_nlink != 1 || !repo::may_trust(*info, repo::only_us())))
      os::unlink({dir, file});
  }
}

/// The longer one stays.
bool move_download(FileDescriptor from, FileDescriptor to, const std::string& name) {
  remove_foreign(from, name);
  const auto theirs = bytes_in(from, name);
  if (!theirs) return false;
  if (bytes_in(to, name).value_or(0) >= *theirs) {
    remove_download(from, name);
    return false;
  }
  for (const std::string& file : fetcher::download_files(name)) {
    if (os::exists({from, file}))
      os::rename({from, file}, {to, file});
    else
      os::unlink({to, file});
  }
  return true;
}

/// Holds nothing if its owner lives, or if it is of another user.
repo::TmpDirLock lock_of_dead(const PathAt& dir) {
  if (repo::is_in_use(dir)) return {};
  auto lock = repo::TmpDirLock::try_acquire(dir);
  const bool usable = lock.held() && lock.dir().valid() && repo::is_ours(lock.dir());
  return usable ? std::move(lock) : repo::TmpDirLock();
}

void remove_if_empty(const PathAt& dir, const repo::TmpDirLock& lock) {
  if (lock.held() && downloads_in(lock.dir()).empty()) remove_tree(dir);
}

/// To look into, or only at files whose names are known, if it is another user's.
UniqueFd try_reach(const PathAt& dir) try {
  UniqueFd fd = repo::try_look_into(dir);
  return fd.valid() ? std::move(fd) : os::try_open(dir, O_PATH | O_DIRECTORY | O_NOFOLLOW);
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason != EACCES && reason != EPERM) throw;
  return {};
}

/// The names of all download directories, of living and dead owners.
std::vector<std::string> download_dirs(FileDescriptor tmp) {
  std::vector<std::string> names;
  for (DirEntry& entry : list_directory(tmp))
    if (entry.type == DT_DIR && entry.name.starts_with(repo::layout::fetch_prefix))
      names.push_back(std::move(entry.name));
  return names;
}

std::optional<object::ObjectName> object_of(std::string_view download) {
  if (download.size() < 2) return std::nullopt;
  return repo::layout::parse_loose_object(download.substr(0, 2), download.substr(2),
                                          repo::Mode::Archive);
}

std::uint64_t bytes_of_all(FileDescriptor dir) {
  std::uint64_t bytes = 0;
  for (const std::string& name : downloads_in(dir)) bytes += bytes_in(dir, name).value_or(0);
  return bytes;
}

/// Of dead pulls of the same refs the directory of the furthest one stays.
class Furthest {
 public:
  explicit Furthest(FileDescriptor tmp) : tmp_(tmp) {}

  /// `lock` is that of `name`.
  void meet(const std::string& name, const PullRecord& record, repo::TmpDirLock lock) {
    const std::uint64_t bytes = bytes_of_all(lock.dir());
    Kept& kept = kept_[{record.remote, record.refs}];
    if (!kept.name.empty()) remove_tree({tmp_, kept.bytes < bytes ? kept.name : name});
    if (kept.name.empty() || kept.bytes < bytes) kept = {name, bytes, std::move(lock)};
  }

 private:
  struct Kept {
    std::string name;
    std::uint64_t bytes = 0;
    repo::TmpDirLock lock;
  };
  FileDescriptor tmp_;
  std::map<std::pair<std::string, std::vector<std::string>>, Kept> kept_;
};

}  // namespace

std::vector<OpenDownloadDir> open_download_dirs(FileDescriptor tmp) {
  std::vector<OpenDownloadDir> dirs;
  if (!tmp.valid()) return dirs;  // A repository that was never pulled into needs no tmp/.
  for (std::string& name : download_dirs(tmp)) {
    UniqueFd fd = try_reach({tmp, name});
    if (fd.valid()) dirs.push_back({std::move(name), std::move(fd)});
  }
  return dirs;
}

std::string download_name(const object::ObjectName& name) {
  return name.checksum.hex() + "." + repo::layout::loose_extension(name.type, repo::Mode::Archive);
}

std::string part_download_name(const Checksum& part) {
  return part.hex() + ".delta";
}

bool gather_download(FileDescriptor tmp, const repo::TmpDir& own, const std::string& name) {
  bool moved = false;
  for (const std::string& dir : download_dirs(tmp)) {
    const auto lock = lock_of_dead({tmp, dir});
    if (!lock.held()) continue;
    moved |= move_download(lock.dir(), own.fd(), name);
    remove_if_empty({tmp, dir}, lock);
  }
  return moved;
}

std::set<std::string> abandoned_downloads(FileDescriptor tmp) {
  std::set<std::string> names;
  for (const std::string& dir : download_dirs(tmp)) {
    if (repo::is_in_use({tmp, dir})) continue;
    const UniqueFd fd = repo::try_look_into({tmp, dir});
    if (!fd.valid()) continue;
    auto downloads = downloads_in(fd);
    if (downloads.empty()) remove_if_empty({tmp, dir}, lock_of_dead({tmp, dir}));
    names.merge(downloads);
  }
  return names;
}

bool is_superseded(const PullRecord& dead, const PullRecord& done) {
  if (dead.remote != done.remote) return false;
  if (dead.refs == done.refs) return true;
  return !dead.refs.empty() && std::ranges::all_of(dead.refs, [&](const std::string& ref) {
    return std::ranges::find(done.refs, ref) != done.refs.end();
  });
}

void remove_unwanted_downloads(FileDescriptor tmp,
                               const std::function<bool(const object::ObjectName&)>& here,
                               const PullRecord* done) {
  Furthest furthest(tmp);
  for (const std::string& name : download_dirs(tmp)) {
    auto lock = lock_of_dead({tmp, name});
    if (!lock.held()) continue;
    const auto record = read_pull_record(lock.dir());
    if (record && done != nullptr && is_superseded(*record, *done)) {
      remove_tree({tmp, name});
      continue;
    }
    for (const std::string& download : downloads_in(lock.dir()))
      if (const auto object = object_of(download); object && here(*object))
        remove_download(lock.dir(), download);
    if (downloads_in(lock.dir()).empty())
      remove_tree({tmp, name});
    else if (record)
      furthest.meet(name, *record, std::move(lock));
  }
}

std::uint64_t downloaded_bytes(FileDescriptor tmp, const std::string& name) {
  std::uint64_t most = 0;
  for (const OpenDownloadDir& dir : open_download_dirs(tmp))
    most = std::max(most, bytes_in(dir.fd, name).value_or(0));
  return most;
}

}  // namespace xylem::pull
