#include "repo/store/object_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/printable.hpp"
#include "repo/keep/labels.hpp"
#include "repo/read_lock.hpp"
#include "repo/upkeep/reachability.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectSet;
using object::ObjectType;

namespace {

/// Refuses a filter that nothing could pass by mistake.
void require_sensible_filter(const ObjectFilter& filter) {
  for (const std::string& kind : filter.kinds)
    if (!object::type_from_extension(kind))
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("There are no objects of kind '{}'", printable(kind)));
  if (filter.prefix.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("'{}' begins no checksum", printable(filter.prefix)));
}

bool has_name_for(const ObjectFilter& filter, const ObjectName& name) {
  return (filter.kinds.empty() || filter.kinds.contains(std::string(extension(name.type)))) &&
         name.checksum.hex().starts_with(filter.prefix);
}

bool has_looks_for(const ObjectFilter& filter, const ObjectInfo& info) {
  if (filter.changed_before && info.changed >= *filter.changed_before) return false;
  if (filter.changed_since && info.changed < *filter.changed_since) return false;
  if (filter.label.empty()) return true;
  const auto label = info.labels.find(filter.label);
  return label != info.labels.end() &&
         (!filter.label_value || label->second == *filter.label_value);
}

/// Under the lock, so that no prune takes away what is being walked.
ObjectSet reachable_objects(const Repo& repo, const CancelToken& cancel) {
  const ReadLock lock(repo, cancel);
  const Wanted wanted(repo, cancel);
  ErrorList unreadable;
  const auto commits =
      commits_to_keep(wanted, list_objects(repo), {.refs_only = true}, std::nullopt, unreadable);
  unreadable.throw_if_any("Not all refs can be read");
  return objects_to_keep(wanted, false, commits);
}

/// One that cannot be looked at must not hide the others.
std::optional<ObjectInfo> try_look_at(const Repo& repo, const ObjectName& name) try {
  return look_at_object(repo, name);
} catch (const Error& error) {
  if (error.kind() != ErrorKind::Corrupt) throw;
  log_warning("{}: {}", name.text(), error.what());
  return std::nullopt;
}

}  // namespace

std::optional<ObjectInfo> look_at_object(const Repo& repo, const ObjectName& name) {
  const auto file = os::try_stat(repo.store().path(name));
  if (!file) return std::nullopt;
  ObjectInfo info;
  info.object = name.text();
  info.stored_bytes = static_cast<std::uint64_t>(file->st_size);
  info.bytes = info.stored_bytes;
  info.changed = file->st_ctime;
  if (name.type == ObjectType::File) {
    const auto loaded = repo.store().load_file(name.checksum);
    if (!loaded) return std::nullopt;
    info.bytes = loaded->size;
  }
  info.labels = labels_of(repo, name);
  return info;
}

void walk_objects(const Repo& repo, const ObjectFilter& filter,
                  const std::function<bool(const ObjectInfo&)>& visit, const CancelToken& cancel) {
  require_sensible_filter(filter);
  ObjectSet reachable;
  if (filter.reachable) reachable = reachable_objects(repo, cancel);
  for (const ObjectName& name : list_objects(repo)) {
    cancel.check();
    if (!has_name_for(filter, name)) continue;
    if (filter.reachable && reachable.contains(name) != *filter.reachable) continue;
    const auto info = try_look_at(repo, name);
    if (info && has_looks_for(filter, *info) && !visit(*info)) return;
  }
}

}  // namespace xylem::repo
