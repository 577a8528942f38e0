#include "repo/refs/ref_place.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/path.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

RefPlace place_of_spec(const object::RefSpec& spec) {
  object::validate_ref(spec.ref);
  if (!spec.remote) return {layout::refs_heads, spec.ref};
  object::validate_remote_name(*spec.remote);
  return {std::string(layout::refs_remotes) + "/" + *spec.remote, spec.ref};
}

RefPlace place_in_collection(const Repo& repo, const CollectionRef& ref) {
  object::validate_collection_id(ref.collection_id);
  object::validate_ref(ref.ref);
  if (ref.collection_id == repo.config().collection_id) return {layout::refs_heads, ref.ref};
  return {std::string(layout::refs_mirrors) + "/" + ref.collection_id, ref.ref};
}

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

std::string leaf_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// The directory that `path` is in, whose missing components are made, each durable in its parent.
/// Never out of the repository: a symlink may lead anywhere.
UniqueFd make_dirs_of(FileDescriptor repo, const std::string& path, bool fsync) {
  UniqueFd dir = os::open_dir({repo, "."});
  const std::string parent = parent_of(path);
  std::string below;
  for (const std::string_view name : path_components(parent)) {
    if (make_repo_dir({dir, std::string(name)}) && fsync) os::fsync(dir);
    below.append(below.empty() ? "" : "/").append(name);
    dir = os::open_beneath({repo, below}, O_RDONLY | O_DIRECTORY);
  }
  return dir;
}

/// Invalid if it is not there.
UniqueFd try_open_dir_of(FileDescriptor repo, const std::string& path) try {
  return os::open_beneath({repo, parent_of(path)}, O_RDONLY | O_DIRECTORY);
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason == ENOENT || reason == ENOTDIR) return {};
  throw;
}

/// Removes a tree of directories that has no ref in it. Stops where one turns up.
void remove_empty_dirs(const PathAt& path) {
  const UniqueFd dir = os::try_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!dir.valid()) return;
  for (const DirEntry& entry : list_directory(dir)) {
    if (entry.type == DT_DIR)
      remove_empty_dirs({dir, entry.name});
    else if (!object::is_valid_remote_name(entry.name))
      os::unlink({dir, entry.name});
  }
  os::remove_dir(path);
}

/// A directory is where a ref wants to be.
void make_room(FileDescriptor repo, const RefPlace& place) {
  for_each_ref_file(repo, place.base, place.ref, [&](const std::string& other, bool) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Conflict: {} exists under {} when attempting write", other, place.ref),
                {.hint = "delete that ref first, or choose another name"});
  });
  const UniqueFd dir = try_open_dir_of(repo, place.path());
  if (dir.valid()) remove_empty_dirs({dir, leaf_of(place.path())});
}

[[noreturn]] void throw_below_a_ref(const RefPlace& place) {
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Conflict: a part of the path {} is a ref itself", place.ref),
              {.hint = "delete that ref first, or choose another name"});
}

/// "refs/heads" of "refs/heads/a/b", "refs/remotes/origin" of "refs/remotes/origin/a/b".
std::size_t size_of_base(const std::string& path) {
  if (path.starts_with(std::string(layout::refs_heads) + "/"))
    return std::string_view(layout::refs_heads).size();
  for (const std::string_view dir : {layout::refs_remotes, layout::refs_mirrors})
    if (path.starts_with(std::string(dir) + "/")) return path.find('/', dir.size() + 1);
  return std::string::npos;
}

}  // namespace

RefPlace place_of(const Repo& repo, const AnyRef& ref) {
  if (const auto* spec = std::get_if<object::RefSpec>(&ref)) return place_of_spec(*spec);
  return place_in_collection(repo, std::get<CollectionRef>(ref));
}

std::optional<RefPlace> parse_ref_path(const std::string& path) {
  const std::size_t size = size_of_base(path);
  if (size == std::string::npos || size + 1 >= path.size()) return std::nullopt;
  RefPlace place{path.substr(0, size), path.substr(size + 1)};
  const bool is_safe = object::is_valid_ref(place.ref) && path.find("/..") == std::string::npos;
  return is_safe ? std::make_optional(std::move(place)) : std::nullopt;
}

void put_ref(FileDescriptor repo, const RefPlace& place, bool fsync,
             const std::function<void(const PathAt&)>& put) {
  constexpr int max_attempts = 100;
  for (int attempt = 1;; ++attempt) {
    try {
      const UniqueFd dir = make_dirs_of(repo, place.path(), fsync);
      return put({dir, leaf_of(place.path())});
    } catch (const Error& error) {
      const int reason = error.details().system_errno;
      if (reason == ENOTDIR) throw_below_a_ref(place);
      // EPERM: what a file without a name gets in a directory that is gone.
      const bool may_pass = reason == EISDIR || reason == ENOENT || reason == EPERM;
      if (!may_pass || attempt == max_attempts) throw;
      if (reason == EISDIR) make_room(repo, place);
    }
  }
}

void delete_ref(FileDescriptor repo, const RefPlace& place, bool fsync) {
  std::string path = place.path();
  UniqueFd dir = try_open_dir_of(repo, path);
  if (!dir.valid() || !os::exists({dir, leaf_of(path)}) || !os::unlink({dir, leaf_of(path)}))
    return;
  for (path = parent_of(path); path != place.base; path = parent_of(path)) {
    UniqueFd above = try_open_dir_of(repo, path);
    if (!above.valid() || !os::remove_dir({above, leaf_of(path)})) break;
    dir = std::move(above);
  }
  if (fsync) os::fsync(dir);
}

}  // namespace xylem::repo
