#include "repo/loose/loose_store.hpp"

#include <dirent.h>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/loose_file.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

PathAt LooseStore::path(const ObjectName& name) const {
  return {dir_, layout::loose_object(name, mode_)};
}

bool LooseStore::has(const ObjectName& name) const {
  return os::exists(path(name));
}

std::optional<Bytes> LooseStore::load_metadata(const ObjectName& name, std::uint64_t limit) const {
  return with_object_name(name, [&]() -> std::optional<Bytes> {
    const UniqueFd fd = try_open_regular(path(name));
    if (!fd.valid()) return std::nullopt;
    return os::read_file(fd, limit);
  });
}

std::optional<LoadedFile> LooseStore::load_file(const Checksum& checksum) const {
  const ObjectName name{checksum, ObjectType::File};
  return with_object_name(name, [&] {
    switch (mode_) {
      case Mode::Archive:
        return load_archive_file(path(name));
      case Mode::Bare:
        return load_bare_file(path(name), ignore_xattrs_);
      case Mode::BareUser:
        return load_bare_user_file(path(name));
      case Mode::BareUserOnly:
        return load_bare_user_only_file(path(name));
      case Mode::BareSplitXattrs:
        break;
    }
    return load_split_xattrs_file(path(name), path({checksum, ObjectType::FileXattrsLink}));
  });
}

std::optional<std::uint64_t> LooseStore::stored_size(const ObjectName& name) const {
  const auto info = os::try_stat(path(name));
  if (!info) return std::nullopt;
  return static_cast<std::uint64_t>(info->st_size);
}

std::optional<object::ObjectSet> LooseStore::list(std::uint8_t prefix, std::size_t limit) const {
  object::ObjectSet names;
  std::size_t read = 0;
  const std::string two_digits = layout::object_dir(prefix);
  const UniqueFd objects = os::try_open_dir({dir_, two_digits});
  if (!objects.valid()) return names;
  visit_names(objects, [&](std::string_view entry) {
    if (++read > limit) return false;
    if (const auto name = layout::parse_loose_object(two_digits, entry, mode_)) names.insert(*name);
    return true;
  });
  if (read > limit) return std::nullopt;
  return names;
}

std::uint64_t LooseStore::estimate_count(std::uint8_t prefix) const {
  // Of ext4, whose blocks are three quarters full. A name has 66 to 70 bytes. Others tell how many
  // entries there are (ZFS), some bytes for each (Btrfs, tmpfs), or nothing.
  constexpr std::uint64_t bytes_per_entry = 100;
  const auto info = os::try_stat({dir_, layout::object_dir(prefix)});
  return info ? static_cast<std::uint64_t>(info->st_size) / bytes_per_entry : 0;
}

void LooseStore::for_each(const std::function<void(const ObjectName&)>& callback) const {
  for (const DirEntry& prefix : list_directory(dir_)) {
    if (prefix.name.size() != 2 || prefix.type != DT_DIR) continue;
    const UniqueFd objects = os::try_open_dir({dir_, prefix.name});
    if (!objects.valid()) continue;
    for (const DirEntry& entry : list_directory(objects))
      if (const auto name = layout::parse_loose_object(prefix.name, entry.name, mode_))
        callback(*name);
  }
}

bool LooseStore::remove(const ObjectName& name) const {
  return remove_tree(path(name));  // also what only has the name of an object
}

}  // namespace xylem::repo
