#include <fmt/format.h>

#include <cerrno>
#include <functional>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Where one ref is stored, relative to the repository.
struct RefPlace {
  std::string base;  ///< "refs/heads", "refs/remotes/<remote>", "refs/mirrors/<collection>".
  std::string ref;

  std::string path() const { return base + "/" + ref; }
};

RefPlace place_of(const object::RefSpec& spec) {
  object::validate_ref(spec.ref);
  if (!spec.remote) return {layout::refs_heads, spec.ref};
  object::validate_remote_name(*spec.remote);
  return {std::string(layout::refs_remotes) + "/" + *spec.remote, spec.ref};
}

RefPlace place_of(const Repo& repo, const CollectionRef& ref) {
  object::validate_collection_id(ref.collection_id);
  object::validate_ref(ref.ref);
  if (ref.collection_id == repo.config().collection_id) return {layout::refs_heads, ref.ref};
  return {std::string(layout::refs_mirrors) + "/" + ref.collection_id, ref.ref};
}

void require_not_a_checksum(const std::string& ref) {
  if (Checksum::from_hex(ref))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Ref name '{}' looks like a checksum", ref));
}

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// Makes the directories of `path`, each durable in its parent.
void make_dirs_of(FileDescriptor repo, const std::string& path, bool fsync) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string dir = path.substr(0, slash);
    if (make_repo_dir({repo, dir}) && fsync)
      os::fsync(os::open_dir({repo, slash == dir.find('/') ? "." : parent_of(dir)}));
  }
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
  remove_empty_dirs({repo, place.path()});
}

[[noreturn]] void throw_below_a_ref(const RefPlace& place) {
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Conflict: a part of the path {} is a ref itself", place.ref),
              {.hint = "delete that ref first, or choose another name"});
}

/// Calls `put` until what is in its way is out of it. Others may make and remove directories.
void put_ref(FileDescriptor repo, const RefPlace& place, bool fsync,
             const std::function<void(const PathAt&)>& put) {
  constexpr int max_attempts = 100;
  for (int attempt = 1;; ++attempt) {
    try {
      make_dirs_of(repo, place.path(), fsync);
      put({repo, place.path()});
      return;
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

/// And the directories that have become empty.
void delete_ref(FileDescriptor repo, const RefPlace& place, bool fsync) {
  if (!os::exists({repo, place.path()}) || !os::unlink({repo, place.path()})) return;
  std::string dir = parent_of(place.path());
  while (dir != place.base && os::remove_dir({repo, dir})) dir = parent_of(dir);
  if (!fsync) return;
  const UniqueFd left = os::try_open_dir({repo, dir});
  if (left.valid()) os::fsync(left);
}

void write_place(Repo& repo, const RefPlace& place, const std::optional<Checksum>& commit,
                 bool fsync) {
  if (commit) {
    require_not_a_checksum(place.ref);
    const std::string text = commit->hex() + "\n";
    put_ref(repo.dir(), place, fsync,
            [&](const PathAt& path) { replace_file(path, as_bytes(text), fsync); });
  } else {
    delete_ref(repo.dir(), place, fsync);
  }
  repo.bump_mtime();
}

/// The way from a ref up to its base directory.
std::string way_up(std::string_view ref) {
  std::string way;
  for (const char c : ref)
    if (c == '/') way += "../";
  return way;
}

}  // namespace

void write_ref(Repo& repo, const object::RefSpec& spec, const std::optional<Checksum>& commit,
               bool fsync) {
  write_place(repo, place_of(spec), commit, fsync);
}

void write_ref(Repo& repo, const CollectionRef& ref, const std::optional<Checksum>& commit,
               bool fsync) {
  write_place(repo, place_of(repo, ref), commit, fsync);
}

void write_alias(Repo& repo, std::string_view alias, std::string_view target) {
  const RefPlace place = place_of({std::nullopt, std::string(alias)});
  const RefPlace existing = place_of({std::nullopt, std::string(target)});
  require_not_a_checksum(place.ref);
  if (place.ref == existing.ref)
    throw Error(ErrorKind::InvalidArgument, fmt::format("Ref {} cannot be its own alias", alias));
  if (!read_ref_file(repo.dir(), existing.path()))
    throw Error(ErrorKind::NotFound,
                fmt::format("Cannot create alias to non-existent ref: {}", target));
  const bool fsync = repo.config().fsync;
  put_ref(repo.dir(), place, fsync,
          [&](const PathAt& path) { replace_symlink(path, way_up(alias).append(target), fsync); });
  repo.bump_mtime();
}

}  // namespace xylem::repo
