#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/similar.hpp"
#include "object/names/names.hpp"
#include "repo/config/config_file.hpp"
#include "repo/config/duplicate_keys.hpp"
#include "repo/disk/layout.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

[[noreturn]] void throw_defined_twice(const std::string& name, const std::string& one,
                                      const std::string& other) {
  throw Error(
      ErrorKind::InvalidArgument,
      fmt::format("Multiple specifications found for remote \"{}\": {} and {}", name, one, other),
      {.path = other, .hint = "remove its group from one of the two files"});
}

std::string hint_for_remote(const std::string& name, const std::vector<std::string>& remotes) {
  const std::string meant = nearest(name, remotes);
  return (meant.empty() ? "" : fmt::format("Did you mean {}? ", object::quoted(meant))) +
         "`xylem remote list` lists the remotes";
}

/// A parent may make the rules of a remote stricter, but not laxer: what the child does not say is
/// what it would be without a parent.
void copy_missing_keys(const KeyFile& from, const std::string& group, KeyFile& to) {
  const bool has_rules = to.has_group(group);
  for (const std::string& key : from.keys(group)) {
    const std::string value = from.find_string(group, key).value_or("");
    const bool refused = has_rules && is_lax(key, value);
    if (!to.has_key(group, key) && !refused) to.set(group, key, value);
  }
}

}  // namespace

/// One that cannot be read keeps nobody from the other remotes.
void Repo::load_remotes() {
  remotes_d_ = {};
  if (!remotes_dir_.empty()) remotes_d_ = load_remotes_dir(remotes_dir_);
  for (const std::string& problem : remotes_d_.problems)
    log_warning("Its remotes are left out: {}", problem);
}

const KeyFile* Repo::find_own_remote(const std::string& name) const {
  const std::string group = remote_group(name);
  const RemotesFile* file = find_in_remotes_dir(name);
  if (!key_file_.has_group(group)) return file == nullptr ? nullptr : &file->keys;
  if (file != nullptr) throw_defined_twice(name, path_ + "/" + layout::config, file->path);
  return &key_file_;
}

const RemotesFile* Repo::find_in_remotes_dir(const std::string& name) const {
  const std::string group = remote_group(name);
  const RemotesFile* found = nullptr;
  for (const RemotesFile& file : remotes_d_.files) {
    if (!file.keys.has_group(group)) continue;
    if (found != nullptr) throw_defined_twice(name, found->path, file.path);
    found = &file;
  }
  return found;
}

std::vector<std::string> Repo::remote_names() const {
  std::set<std::string> names;
  const auto add = [&](const KeyFile& keys) {
    for (std::string& name : remotes_in(keys)) names.insert(std::move(name));
  };
  for (const Repo* at = this; at != nullptr; at = at->parent()) {
    add(at->key_file_);
    for (const RemotesFile& file : at->remotes_d_.files) add(file.keys);
  }
  return {names.begin(), names.end()};
}

bool Repo::has_remote(const std::string& name) const {
  const std::string group = remote_group(name);
  const auto defines = [&](const RemotesFile& file) { return file.keys.has_group(group); };
  return key_file_.has_group(group) || std::ranges::any_of(remotes_d_.files, defines) ||
         (parent_ && parent_->has_remote(name));
}

const KeyFile& Repo::remote_key_file(const std::string& name) const {
  for (const Repo* at = this; at != nullptr; at = at->parent())
    if (const KeyFile* keys = at->find_own_remote(name)) return *keys;
  const std::string unread = remotes_d_.problems.empty() ? "" : "; " + remotes_d_.problems.front();
  throw Error(ErrorKind::NotFound,
              fmt::format("Remote {} not found{}", object::quoted(name), unread),
              {.hint = hint_for_remote(name, remote_names())});
}

KeyFile Repo::collect_remote(const std::string& name) const {
  KeyFile result;
  for (const Repo* at = this; at != nullptr; at = at->parent())
    if (const KeyFile* keys = at->find_own_remote(name))
      copy_missing_keys(*keys, remote_group(name), result);
  return result;
}

Remote Repo::remote(const std::string& name) const {
  remote_key_file(name);
  return parse_remote(collect_remote(name), name);
}

void Repo::edit_remote(const std::string& name, const RemoteChange& change) {
  object::validate_remote_name(name);
  const RepoLock beside = lock(os::LockMode::Shared);
  const EditLock editing = edit_lock(Edited::Config);
  use_config(reread_config());
  const RemotesFile* file = find_in_remotes_dir(name);
  const bool in_config = find_own_remote(name) == &key_file_;
  if (file != nullptr) return edit_remotes_file(*file, name, change);
  if (!in_config && !remotes_dir_.empty() && config_.add_remotes_config_dir)
    return edit_remotes_file({remotes_dir_ + "/" + name + ".conf", {}}, name, change);
  KeyFile keys = key_file_;
  change(keys, has_remote(name));
  if (keys.text() == key_file_.text()) return;
  if (keys.has_group(remote_group(name))) parse_remote(keys, name);
  check_config(keys);
  write_config_file(dirs_.root, keys);
  use_config(std::move(keys));
}

/// Other repositories may use the directory, too: what is in it is read again under its lock.
void Repo::edit_remotes_file(RemotesFile file, const std::string& name,
                             const RemoteChange& change) {
  os::make_dirs({FileDescriptor::cwd(), remotes_dir_}, 0755);
  const EditLock lock =
      EditLock::acquire({FileDescriptor::cwd(), remotes_dir_}, {config_.lock_timeout, {}});
  load_remotes();
  if (const RemotesFile* now = find_in_remotes_dir(name)) file = *now;
  const std::string before = file.keys.text();
  change(file.keys, has_remote(name));
  if (file.keys.text() == before) return;
  if (file.keys.has_group(remote_group(name))) parse_remote(file.keys, name);
  write_remotes_file(file);
  load_remotes();
}

void Repo::set_remote(const std::string& name, const std::map<std::string, std::string>& values) {
  edit_remote(name, [&](KeyFile& keys, bool) {
    for (const auto& [key, value] : values) keys.set(remote_group(name), key, value);
  });
}

bool Repo::remove_remote(const std::string& name) {
  bool removed = false;
  edit_remote(name, [&](KeyFile& keys, bool) { removed = keys.remove_group(remote_group(name)); });
  return removed;
}

}  // namespace xylem::repo
