#include <fcntl.h>
#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "repo/upkeep/fsck_steps.hpp"

namespace xylem::repo {

using object::ObjectName;

namespace {

/// The owner of `objects/` keeps the repository, whoever looks at it.
Keepers keepers_of_published(FileDescriptor objects) {
  const struct stat info = os::stat(objects);
  return {.user = info.st_uid, .own_group = info.st_gid, .group = shared_group(info)};
}

std::string who_can_write(const struct stat& inode, const Keepers& keepers) {
  if (inode.st_uid != keepers.user && inode.st_uid != 0)
    return fmt::format("belongs to user {}", inode.st_uid);
  if ((inode.st_mode & S_IWOTH) != 0) return "may be written by everybody";
  return fmt::format("may be written by group {}", inode.st_gid);
}

/// Owner and mode of content are those that the commit gives it, and so part of its checksum.
bool has_owner_of_commit(const LooseStore& store, const ObjectName& name) {
  const bool has_owners = store.mode() == Mode::Bare || store.mode() == Mode::BareSplitXattrs;
  return has_owners && name.type == object::ObjectType::File;
}

void check_dir(const PathAt& path, const Keepers& keepers, FsckReport& report) {
  auto info = os::try_stat(path);
  if (!info || !S_ISDIR(info->st_mode)) return;
  struct stat published = *info;
  if (keepers.group == published.st_gid) published.st_uid = keepers.user;
  if (only_keepers_write(published, keepers)) return;
  report.problems.push_back(
      {.kind = FsckProblem::Kind::Foreign,
       .object = {},
       .ref = {},
       .message = fmt::format("Directory {} {}: its objects can be replaced", os::path_of(path),
                              who_can_write(*info, keepers))});
}

}  // namespace

std::optional<FsckProblem> check_owner(const LooseStore& store, const ObjectName& name) {
  if (has_owner_of_commit(store, name)) return std::nullopt;
  const auto info = os::try_stat(store.path(name));
  if (!info || S_ISLNK(info->st_mode)) return std::nullopt;
  const Keepers keepers = keepers_of_published(store.dir());
  const bool may_be_for_group = is_bare(store.mode()) && !object::is_metadata(name.type);
  if (may_stay(*info, keepers, may_be_for_group ? S_IWGRP : 0)) return std::nullopt;
  return FsckProblem{.kind = FsckProblem::Kind::Foreign,
                     .object = name,
                     .ref = {},
                     .message = fmt::format("Object {} {}: it can be changed at any time",
                                            name.text(), who_can_write(*info, keepers))};
}

void check_object_dirs(const Repo& repo, FsckReport& report) {
  for (const Repo* level = &repo; level != nullptr; level = level->parent()) {
    const FileDescriptor objects = level->store().dir();
    const Keepers keepers = keepers_of_published(objects);
    check_dir({objects, "."}, keepers, report);
    for (std::size_t prefix = 0; prefix < layout::prefixes; ++prefix)
      check_dir({objects, layout::object_dir(static_cast<std::uint8_t>(prefix))}, keepers, report);
  }
}

}  // namespace xylem::repo
