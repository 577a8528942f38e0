#include "tree/checkout/uncompressed_cache.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/cache_layout.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/loose/hashing_source.hpp"
#include "tree/checkout/new_file.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

namespace layout = repo::layout;

constexpr char cache_staging_prefix[] = "uncompressed-";
/// What a file has that nobody has changed.
constexpr time_t cached_mtime = 0;

mode_t cached_mode(const object::FileHeader& header) {
  return header.mode & 07777U & ~06000U;
}

bool is_intact(const struct stat& info, const repo::LoadedFile& file) {
  return S_ISREG(info.st_mode) && static_cast<std::uint64_t>(info.st_size) == file.size &&
         info.st_mtime == cached_mtime && (info.st_mode & 07777U) == cached_mode(file.header);
}

std::string cached_name(const Checksum& checksum) {
  return layout::loose_object({checksum, object::ObjectType::File}, repo::Mode::Bare);
}

/// A cache that cannot be used costs time, nothing else.
template <typename Action>
void softly(const char* what, Action action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Corrupt || error.kind() == ErrorKind::Cancelled) throw;
    log_warning("{}: {}", what, error.what());
  }
}

}  // namespace

UncompressedCache::UncompressedCache(const repo::Repo& repo)
    : repo_(repo), dir_(os::try_open_dir({repo.dir(), layout::uncompressed_cache})) {}

UncompressedCache::~UncompressedCache() {
  if (!staging_.valid()) return;
  try {
    staging_.remove();
  } catch (const std::exception& error) {
    log_warning("A temporary directory stays: {}", error.what());
  }
}

bool UncompressedCache::is_enabled(const repo::Repo& repo) {
  return repo.mode() == repo::Mode::Archive &&
         repo.key_file().find_bool("core", "enable-uncompressed-cache").value_or(true);
}

std::optional<PathAt> UncompressedCache::find(const Checksum& checksum,
                                              const repo::LoadedFile& file) const {
  if (!dir_.valid()) return std::nullopt;
  PathAt path{dir_, cached_name(checksum)};
  const auto info = os::try_stat(path);
  if (!info || !is_intact(*info, file)) return std::nullopt;
  const auto keepers = repo::keepers_of(repo_.store().dir());
  if (!repo::may_stay(*info, keepers, file.header.mode & S_IWGRP)) return std::nullopt;
  return path;
}

std::optional<PathAt> UncompressedCache::add(const Checksum& checksum,
                                             const repo::LoadedFile& file) {
  std::optional<PathAt> added;
  if (repo_.writable() && repo_.tmp().valid())
    softly("The cache of uncompressed objects is not used", [&] { added = write(checksum, file); });
  return added;
}

FileDescriptor UncompressedCache::staging() {
  const std::lock_guard lock(mutex_);
  if (!staging_.valid()) staging_ = repo::make_tmpdir(repo_.tmp(), cache_staging_prefix);
  return staging_.fd();
}

/// Hashed while it is written: from here on it stands for the object.
PathAt UncompressedCache::write(const Checksum& checksum, const repo::LoadedFile& file) {
  const PathAt path{staging(), checksum.hex()};
  const NewFile copy(path.dir);
  repo::HashingSource content(*file.content, file.header, file.size);
  Bytes buffer(buffer_size_for(file.size));
  while (const std::size_t count = content.read(buffer))
    os::write_all(copy.fd(), ByteView(buffer).first(count));
  if (content.read_to_end() != checksum)
    throw Error(ErrorKind::Corrupt, fmt::format("Corrupted file object {}", checksum.hex()));
  os::set_mode(copy.fd(), cached_mode(file.header));
  os::set_mtime(copy.fd(), cached_mtime);
  // A file that comes twice in the tree may have been written meanwhile: theirs is as good.
  copy.link(path);
  const std::lock_guard lock(mutex_);
  staged_.insert(checksum);
  return path;
}

void UncompressedCache::publish() {
  if (staged_.empty()) return;
  softly("The cache of uncompressed objects is not filled", [this] { publish_staged(); });
}

void UncompressedCache::publish_staged() {
  repo::make_repo_dir({repo_.dir(), layout::uncompressed_cache});
  dir_ = os::open_dir({repo_.dir(), layout::uncompressed_cache});
  if (repo_.config().fsync) os::syncfs(dir_);
  std::set<std::uint8_t> changed;
  for (const Checksum& checksum : staged_) {
    repo::make_repo_dir({dir_, layout::object_dir(checksum)});
    os::rename({staging_.fd(), checksum.hex()}, {dir_, cached_name(checksum)});
    changed.insert(checksum.bytes()[0]);
  }
  staged_.clear();
  for (const std::uint8_t prefix : changed) collect_unused(prefix);
}

/// What was added replaces something, most likely near it: so the work is in proportion to what
/// changes. A file that somebody is about to link to may go; they copy it then.
void UncompressedCache::collect_unused(std::uint8_t prefix) {
  const UniqueFd dir = os::try_open_dir({dir_, layout::object_dir(prefix)});
  if (!dir.valid()) return;
  for (const DirEntry& entry : list_directory(dir)) {
    const auto info = os::try_stat({dir, entry.name});
    if (info && S_ISREG(info->st_mode) && info->st_nlink == 1) os::unlink({dir, entry.name});
  }
}

}  // namespace xylem::tree
