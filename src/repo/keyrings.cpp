#include "repo/keyrings.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <functional>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "object/names/names.hpp"
#include "repo/disk/layout.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr char system_keyring_dir[] = "/usr/share/ostree/trusted.gpg.d";
constexpr std::uint64_t largest_keyring = 64ULL * 1024 * 1024;

std::optional<Keyring> try_read(const PathAt& path) {
  auto bytes = os::try_read_file(path, largest_keyring);
  if (!bytes) return std::nullopt;
  return Keyring{os::path_of(path), std::move(*bytes)};
}

/// Regular files of a directory whose names `wanted` accepts, sorted.
template <typename Predicate>
std::vector<Keyring> read_dir(FileDescriptor dir, Predicate wanted) {
  std::vector<Keyring> keyrings;
  for (const DirEntry& entry : list_directory(dir)) {
    if (entry.type != DT_REG || !wanted(entry.name)) continue;
    if (auto keyring = try_read({dir, entry.name})) keyrings.push_back(std::move(*keyring));
  }
  std::ranges::sort(keyrings, {}, &Keyring::path);
  return keyrings;
}

/// What gpg keeps beside public keys in its home.
bool is_state_of_gpg(const std::string& name) {
  return name.starts_with('.') || name.ends_with(".conf") || name.ends_with(".lock") ||
         name.ends_with('~') || name == "random_seed" || name == "trustdb.gpg" ||
         name == "secring.gpg";
}

bool is_keyring_name(const std::string& name) {
  return name.ends_with(".gpg") && !is_state_of_gpg(name);
}

}  // namespace

std::optional<Keyring> find_remote_keyring(const Repo& repo, const std::string& remote) {
  object::validate_remote_name(remote);
  const std::string name = layout::remote_keyring(remote);
  for (const Repo* at = &repo; at != nullptr; at = at->parent()) {
    if (auto keyring = try_read({at->dir(), name})) return keyring;
    if (at->remotes_dir().empty()) continue;
    if (auto keyring = try_read({FileDescriptor::cwd(), at->remotes_dir() + "/" + name}))
      return keyring;
  }
  return std::nullopt;
}

void edit_remote_keyring(Repo& repo, const std::string& remote,
                         const std::function<Bytes(const std::optional<Keyring>& before)>& change) {
  object::validate_remote_name(remote);
  const EditLock lock = repo.edit_lock(Edited::Config);
  const Bytes keys = change(find_remote_keyring(repo, remote));
  update_file({repo.dir(), layout::remote_keyring(remote)}, keys, repo.config().fsync);
}

void remove_remote_keyring(Repo& repo, const std::string& remote) {
  object::validate_remote_name(remote);
  const EditLock lock = repo.edit_lock(Edited::Config);
  os::unlink({repo.dir(), layout::remote_keyring(remote)});
}

std::string remote_keyring_name(const std::string& remote) {
  return layout::remote_keyring(remote);
}

std::vector<Keyring> read_key_path(const std::string& path) {
  if (path.empty())
    throw Error(ErrorKind::InvalidArgument,
                "opendir(): No such file or directory: gpgkeypath names an empty path")
        .hint("remove the separator that nothing stands before from the remote's gpgkeypath");
  if (path.find(';') != std::string::npos && path.find(',') != std::string::npos)
    throw Error(ErrorKind::InvalidArgument,
                "key value list contains more than one separator: gpgkeypath is " + path)
        .hint("separate the paths in the remote's gpgkeypath by ';' alone, or by ','");
  const PathAt at{FileDescriptor::cwd(), path};
  const UniqueFd fd = os::open(at, O_RDONLY | O_NONBLOCK);
  if (S_ISDIR(os::stat(fd).st_mode)) return read_dir(fd, std::not_fn(is_state_of_gpg));
  return {{path, os::read_file(fd, largest_keyring)}};
}

std::vector<Keyring> read_keyring_dir(const std::string& path) {
  const UniqueFd dir = os::try_open_dir({FileDescriptor::cwd(), path});
  if (!dir.valid()) return {};
  return read_dir(dir, is_keyring_name);
}

std::string global_keyring_dir() {
  const char* named = std::getenv("OSTREE_GPG_HOME");
  return named != nullptr ? named : system_keyring_dir;
}

}  // namespace xylem::repo
