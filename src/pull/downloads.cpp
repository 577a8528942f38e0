#include "pull/downloads.hpp"

#include <dirent.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/directory.hpp"
#include "base/os.hpp"
#include "fetcher/download_name.hpp"
#include "pull/pull_record.hpp"
#include "repo/layout.hpp"

namespace xylem::pull {

namespace {

std::vector<std::string> download_dirs(FileDescriptor tmp) {
  std::vector<std::string> names;
  for (DirEntry& entry : list_directory(tmp))
    if (entry.type == DT_DIR && entry.name.starts_with(repo::layout::fetch_prefix))
      names.push_back(std::move(entry.name));
  return names;
}

UniqueFd try_open_dir(FileDescriptor tmp, const std::string& name) {
  return os::try_open({tmp, name}, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

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

bool move_download(FileDescriptor from, FileDescriptor to, const std::string& name) {
  const auto theirs = bytes_in(from, name);
  if (!theirs || bytes_in(to, name).value_or(0) >= *theirs) return false;
  // The record goes first: without it the bytes would be fetched again.
  for (const std::string& file : {fetcher::record_name(name), fetcher::part_name(name), name}) {
    if (os::exists({from, file}))
      os::rename({from, file}, {to, file});
    else
      os::unlink({to, file});
  }
  return true;
}

bool gather_from(FileDescriptor tmp, const std::string& dir_name, FileDescriptor own,
                 const std::optional<std::string>& only) {
  const auto lock = repo::TmpDirLock::try_acquire({tmp, dir_name});
  const FileDescriptor dir = lock.dir();
  if (!lock.held() || !dir.valid() || os::stat(dir).st_uid != os::stat(own).st_uid) return false;
  bool moved = false;
  for (const std::string& name : downloads_in(dir))
    if (!only || name == *only) moved |= move_download(dir, own, name);
  if (!only || has_only_notes(dir)) remove_tree({tmp, dir_name});
  return moved;
}

}  // namespace

std::string download_name(const object::ObjectName& name) {
  return name.checksum.hex() + "." + repo::layout::loose_extension(name.type, repo::Mode::Archive);
}

bool gather_downloads(FileDescriptor tmp, const repo::TmpDir& own,
                      const std::optional<std::string>& only) {
  bool moved = false;
  for (const std::string& name : download_dirs(tmp))
    if (name != own.name()) moved |= gather_from(tmp, name, own.fd(), only);
  return moved;
}

std::uint64_t downloaded_bytes(FileDescriptor tmp, const std::string& name) {
  std::uint64_t most = 0;
  for (const std::string& dir_name : download_dirs(tmp)) {
    const UniqueFd dir = try_open_dir(tmp, dir_name);
    if (dir.valid()) most = std::max(most, bytes_in(dir, name).value_or(0));
  }
  return most;
}

}  // namespace xylem::pull
