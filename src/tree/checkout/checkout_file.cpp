#include "tree/checkout/checkout_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/os/directory.hpp"
#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/os/os_device.hpp"
#include "base/os/os_link.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"
#include "tree/checkout/checkout_labels.hpp"
#include "tree/checkout/new_file.hpp"
#include "tree/checkout/placement.hpp"
#include "tree/checkout/whiteout.hpp"
#include "tree/disk_checksum.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

bool is_user_mode(repo::Mode mode) {
  return mode == repo::Mode::BareUser || mode == repo::Mode::BareUserOnly;
}

[[noreturn]] void refuse_copy(repo::Mode mode) {
  ErrorDetails details;
  details.hint = is_user_mode(mode)
                     ? "check out with --user-mode"
                     : "check out without --require-hardlinks or without --user-mode";
  throw Error(ErrorKind::Unsupported,
              is_user_mode(mode) ? "User repository mode requires user checkout mode to hardlink"
                                 : "Bare repository mode cannot hardlink in user checkout mode",
              std::move(details));
}

void write_content(const repo::LoadedFile& file, repo::Mode mode, FileDescriptor to) {
  if (repo::is_bare(mode)) return os::copy_file(file.fd, to, file.size);
  Bytes buffer(stream_buffer_size);
  std::uint64_t left = file.size;
  while (const std::size_t count = file.content->read(buffer)) {
    if (count > left) throw Error(ErrorKind::Corrupt, "Content is longer than its header says");
    os::write_all(to, ByteView(buffer).first(count));
    left -= count;
  }
  if (left != 0) throw Error(ErrorKind::Corrupt, "Content is shorter than its header says");
}

/// Owner first, then attributes, mode last: no moment when it is setuid for the wrong user.
void write_metadata(const object::FileHeader& header, bool user_mode, FileDescriptor fd) {
  mode_t mode = header.mode & 07777U;
  if (user_mode) {
    mode = (mode & ~06000U) | 0400U;
  } else {
    os::set_owner(fd, header.uid, header.gid);
    for (const auto& xattr : header.xattrs) os::set_xattr(fd, xattr.name, xattr.value);
  }
  os::set_mode(fd, mode);
}

/// Whether nobody else can change the file of an object: only then a link is as good as a copy, and
/// a copy need not be hashed. In a bare repository owner and mode are what the commit wants, in a
/// copy too.
bool is_only_ours(const repo::Repo& source, FileDescriptor file, const object::FileHeader& header) {
  if (source.mode() == repo::Mode::Bare) return true;
  return repo::may_stay(os::stat(file), repo::keepers_of(source.store().dir()),
                        header.mode & S_IWGRP);
}

/// Of what others could change, the copy is what counts.
void require_checksum_of_copy(const repo::LoadedFile& original, FileDescriptor copy,
                              const Checksum& checksum) {
  FdSource content(copy);
  repo::HashingSource hashed(content, original.header, original.size);
  repo::require_checksum({checksum, object::ObjectType::File}, hashed.read_to_end());
}

bool same_inode(const PathAt& a, const PathAt& b) {
  const auto first = os::try_stat(a);
  const auto second = os::try_stat(b);
  return first && second && os::same_file(*first, *second);
}

}  // namespace

bool can_hardlink(repo::Mode mode, bool user_mode, bool is_symlink) {
  if (mode == repo::Mode::Bare) return !user_mode;
  // Symlinks are no symlinks in bare-user; bare-user-only does as bare-user does.
  return is_user_mode(mode) && user_mode && !is_symlink;
}

void FileCheckout::write(FileDescriptor dir, const std::string& name, const std::string& path,
                         const Checksum& checksum) const {
  Stored stored = load(checksum);
  if (take_as_whiteout(dir, name, stored.file.header)) return;
  const PathAt target{dir, name};
  if (!must_copy(stored)) {
    if (try_hardlink(target, checksum, stored.file.header)) return;
    if (try_cached(target, checksum, stored)) return;
  }
  label_checked_out(stored.file.header.xattrs, options_, path, stored.file.header.mode);
  copy(target, checksum, std::move(stored));
}

bool FileCheckout::take_as_whiteout(FileDescriptor dir, const std::string& name,
                                    const object::FileHeader& header) const {
  if (header.is_symlink()) return false;
  if (options_.whiteouts) {
    if (const auto hidden = hidden_name(name)) {
      remove_tree({dir, *hidden});
      return true;
    }
  }
  if (!options_.passthrough_whiteouts) return false;
  const auto hidden = passthrough_name(name);
  if (hidden) make_whiteout({dir, *hidden}, header);
  return hidden.has_value();
}

void FileCheckout::make_whiteout(const PathAt& target, const object::FileHeader& header) const {
  const mode_t permissions = header.mode & 07777U;
  const CreateFile create = [&](const PathAt& path) {
    if (!os::try_make_whiteout(path, permissions)) return Creation::Taken;
    if (options_.user_mode) return Creation::Done;
    os::set_owner(path, header.uid, header.gid);
    for (const auto& xattr : header.xattrs) os::set_xattr(path, xattr.name, xattr.value);
    return Creation::Done;
  };
  place_file(target, options_, create, [&] {
    const auto info = os::try_stat(target);
    if (!info || !S_ISCHR(info->st_mode) || info->st_rdev != 0) return false;
    return options_.user_mode || (info->st_uid == header.uid && info->st_gid == header.gid &&
                                  (info->st_mode & 07777U) == permissions);
  });
}

FileCheckout::Stored FileCheckout::load(const Checksum& checksum) const {
  for (const repo::Repo* repo = &repo_; repo != nullptr; repo = repo->parent())
    if (auto file = repo->store().load_file(checksum)) return {repo, std::move(*file)};
  return {&repo_, repo_.load_file(checksum)};  // Throws, and says what is missing.
}

bool FileCheckout::must_copy(const Stored& stored) const {
  if (options_.force_copy) return true;
  if (stored.file.header.is_symlink()) return false;
  // Empty files are so many that they would hit the limit of links to a file.
  const bool unreadable = (stored.file.header.mode & 0400U) == 0;
  return stored.file.size == 0 || (options_.user_mode && unreadable);
}

bool FileCheckout::try_hardlink(const PathAt& target, const Checksum& checksum,
                                const object::FileHeader& header) const {
  for (const repo::Repo* source = &repo_; source != nullptr; source = source->parent()) {
    const bool user_symlink = is_user_mode(source->mode()) && header.is_symlink();
    if (can_hardlink(source->mode(), options_.user_mode, header.is_symlink())) {
      if (link_from(*source, target, checksum, header)) return true;
    } else if (options_.require_hardlinks && !user_symlink) {
      refuse_copy(source->mode());
    }
  }
  return false;
}

/// Then it has to be copied.
bool FileCheckout::refuse_foreign(const Checksum& checksum) const {
  if (!options_.require_hardlinks) return false;
  throw Error(
      ErrorKind::Unsupported,
      fmt::format("Object {} is not hard-linked: another user can change it", checksum.hex()))
      .hint("`xylem fsck` tells whose it is; check out without --require-hardlinks");
}

bool FileCheckout::link_from(const repo::Repo& source, const PathAt& target,
                             const Checksum& checksum, const object::FileHeader& header) const {
  const PathAt object = source.store().path({checksum, object::ObjectType::File});
  const UniqueFd file = os::try_open(object, O_PATH | O_NOFOLLOW);
  if (!file.valid()) return false;
  if (!is_only_ours(source, file, header)) return refuse_foreign(checksum);
  return link(file, object, target, checksum);
}

bool FileCheckout::link_cached(const std::optional<PathAt>& cached, const PathAt& target,
                               const Checksum& checksum) const {
  if (!cached) return false;
  const UniqueFd file = os::try_open(*cached, O_PATH | O_NOFOLLOW);
  return file.valid() && link(file, *cached, target, checksum);
}

/// Of an archive: links to an uncompressed copy, which is made if it is missing. If it cannot be,
/// `stored` is as good as new.
bool FileCheckout::try_cached(const PathAt& target, const Checksum& checksum,
                              Stored& stored) const {
  const bool cacheable = cache_ != nullptr && stored.repo == &repo_ &&
                         repo_.mode() == repo::Mode::Archive && options_.user_mode;
  if (!cacheable || stored.file.header.is_symlink()) return false;
  if (link_cached(cache_->find(checksum, stored.file), target, checksum)) return true;
  if (link_cached(cache_->add(checksum, stored.file), target, checksum)) return true;
  stored = load(checksum);
  return false;
}

bool FileCheckout::link(FileDescriptor file, const PathAt& object, const PathAt& target,
                        const Checksum& checksum) const {
  const CreateFile create = [&](const PathAt& path) {
    const int error = os::try_link_fd(file, path);
    if (error == 0 || error == EEXIST) return done_unless_taken(error == 0);
    if (options_.require_hardlinks && error != ENOENT)
      os::fail(error, "Hardlinking to", os::path_of(path));
    return Creation::Impossible;
  };
  return place_file(target, options_, create,
                    [&] { return same_inode(object, target) || same_content(target, checksum); });
}

bool FileCheckout::same_content(const PathAt& target, const Checksum& checksum) const {
  const auto info = os::try_stat(target);
  if (!info || S_ISDIR(info->st_mode)) return false;
  DiskChecksumOptions options;
  options.canonical_permissions = repo_.mode() == repo::Mode::BareUserOnly;
  options.ignore_xattrs = options.canonical_permissions || repo_.config().disable_xattrs;
  return disk_checksum(target, *info, options) == checksum;
}

void FileCheckout::copy(const PathAt& target, const Checksum& checksum, Stored stored) const try {
  if (stored.file.header.is_symlink()) return copy_symlink(target, stored.file.header);
  copy_regular(target, checksum, std::move(stored));
} catch (Error& error) {
  throw error.prefix(fmt::format("Copy checkout of {} to {}", checksum.hex(), target.name));
}

void FileCheckout::copy_symlink(const PathAt& target, const object::FileHeader& header) const {
  const CreateFile create = [&](const PathAt& path) {
    if (!os::try_symlink(header.symlink_target, path)) return Creation::Taken;
    if (options_.user_mode) return Creation::Done;
    os::set_owner(path, header.uid, header.gid);
    for (const auto& xattr : header.xattrs) os::set_xattr(path, xattr.name, xattr.value);
    return Creation::Done;
  };
  place_file(target, options_, create, [&] {
    const auto info = os::try_stat(target);
    return info && S_ISLNK(info->st_mode) && os::read_link(target) == header.symlink_target;
  });
}

void FileCheckout::copy_regular(const PathAt& target, const Checksum& checksum,
                                Stored stored) const {
  const NewFile file(target.dir);
  write_content(stored.file, stored.repo->mode(), file.fd());
  if (!is_only_ours(*stored.repo, stored.file.fd, stored.file.header))
    require_checksum_of_copy(stored.file, file.fd(), checksum);
  write_metadata(stored.file.header, options_.user_mode, file.fd());
  place_file(
      target, options_, [&](const PathAt& path) { return done_unless_taken(file.link(path)); },
      [&] {
        return options_.overwrite == Overwrite::UnionIdentical && same_content(target, checksum);
      });
}

}  // namespace xylem::tree
