#include <fmt/format.h>

#include <set>

#include "base/os/os.hpp"
#include "object/names.hpp"
#include "repo/config/duplicate_keys.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

void add_new(std::set<std::string>& known, const KeyFile& keys) {
  for (const std::string& name : remotes_in(keys))
    if (!known.insert(name).second)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Multiple specifications found for remote \"{}\"", name),
                  {.hint = "remove it from config or from remotes.d"});
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

void Repo::load_remotes() {
  remotes_d_.clear();
  if (!remotes_dir_.empty()) remotes_d_ = load_remotes_dir(remotes_dir_);
  std::set<std::string> known;
  add_new(known, key_file_);
  for (const RemotesFile& file : remotes_d_) add_new(known, file.keys);
}

const KeyFile* Repo::find_own_remote(const std::string& name) const {
  const std::string group = remote_group(name);
  if (key_file_.has_group(group)) return &key_file_;
  for (const RemotesFile& file : remotes_d_)
    if (file.keys.has_group(group)) return &file.keys;
  return nullptr;
}

RemotesFile* Repo::find_in_remotes_dir(const std::string& name) {
  const std::string group = remote_group(name);
  for (RemotesFile& file : remotes_d_)
    if (file.keys.has_group(group)) return &file;
  return nullptr;
}

std::vector<std::string> Repo::remote_names() const {
  std::set<std::string> names;
  const auto add = [&](const KeyFile& keys) {
    for (std::string& name : remotes_in(keys)) names.insert(std::move(name));
  };
  for (const Repo* at = this; at != nullptr; at = at->parent()) {
    add(at->key_file_);
    for (const RemotesFile& file : at->remotes_d_) add(file.keys);
  }
  return {names.begin(), names.end()};
}

bool Repo::has_remote(const std::string& name) const {
  return find_own_remote(name) != nullptr || (parent_ && parent_->has_remote(name));
}

const KeyFile& Repo::remote_key_file(const std::string& name) const {
  for (const Repo* at = this; at != nullptr; at = at->parent())
    if (const KeyFile* keys = at->find_own_remote(name)) return *keys;
  throw Error(ErrorKind::NotFound, fmt::format("Remote {} not found", object::quoted(name)),
              {.hint = "list the remotes with `xylem remote list`"});
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

void Repo::set_remote(const std::string& name, const std::map<std::string, std::string>& values) {
  object::validate_remote_name(name);
  const std::string group = remote_group(name);
  RemotesFile* file = find_in_remotes_dir(name);
  KeyFile keys = file != nullptr ? file->keys : key_file_;
  const bool in_new_file = file == nullptr && !key_file_.has_group(group) &&
                           !remotes_dir_.empty() && config_.add_remotes_config_dir;
  if (in_new_file) keys = KeyFile();
  for (const auto& [key, value] : values) keys.set(group, key, value);
  parse_remote(keys, name);
  if (in_new_file)
    write_remotes_file({remotes_dir_ + "/" + name + ".conf", std::move(keys)});
  else if (file != nullptr)
    write_remotes_file({file->path, std::move(keys)});
  else
    write_config(std::move(keys));
  load_remotes();
}

bool Repo::remove_remote(const std::string& name) {
  const std::string group = remote_group(name);
  if (const RemotesFile* file = find_in_remotes_dir(name)) {
    RemotesFile rest = *file;
    rest.keys.remove_group(group);
    write_remotes_file(rest);
    load_remotes();
    return true;
  }
  KeyFile keys = key_file_;
  if (!keys.remove_group(group)) return false;
  write_config(std::move(keys));
  return true;
}

}  // namespace xylem::repo
