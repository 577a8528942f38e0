#include "repo/transaction/parent_objects.hpp"

#include "base/log.hpp"
#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"

namespace xylem::repo {

using object::ObjectName;

namespace {

/// Without it a prune of the parent may delete what is relied on; a pull can live with that, as it
/// can with a parent that is pruned later.
ReadLock lock_parents(const Repo& repo, const CancelToken& cancel) try {
  return ReadLock::of_parents(repo, cancel);
} catch (const Error& error) {
  if (error.kind() == ErrorKind::Cancelled) throw;
  log_warning("Going on without the lock of a parent repository: {}", error.what());
  return {};
}

}  // namespace

ParentObjects::ParentObjects(const Repo& repo, OnBad on_bad, const CancelToken& cancel)
    : repo_(repo), on_bad_(std::move(on_bad)), lock_(lock_parents(repo, cancel)) {}

/// The first answer of a parent that says something; one that fails says nothing.
template <typename Result>
Result ParentObjects::ask(const ObjectName& name,
                          const std::function<Result(const Repo&)>& question) {
  if (is_bad(name)) return {};
  for (const Repo* parent = repo_.parent(); parent != nullptr; parent = parent->parent()) {
    try {
      if (auto answer = question(*parent)) return answer;
    } catch (Error& error) {
      if (error.kind() == ErrorKind::Cancelled || error.kind() == ErrorKind::NoSpace) throw;
      note_bad(name, error.prefix("Parent repository " + parent->path()));
    }
  }
  return {};
}

bool ParentObjects::has(const ObjectName& name) {
  return ask<bool>(name, [&](const Repo& parent) { return parent.store().has(name); });
}

std::optional<Bytes> ParentObjects::load_metadata(const ObjectName& name) {
  return ask<std::optional<Bytes>>(name, [&](const Repo& parent) {
    auto bytes = parent.store().load_metadata(name);
    if (bytes) with_object_name(name, [&] { object::verify_metadata(name, *bytes); });
    return bytes;
  });
}

std::optional<LoadedFile> ParentObjects::load_file(const Checksum& file) {
  const ObjectName name{file, object::ObjectType::File};
  return ask<std::optional<LoadedFile>>(
      name, [&](const Repo& parent) { return parent.store().load_file(file); });
}

bool ParentObjects::is_bad(const ObjectName& name) const {
  const std::lock_guard lock(mutex_);
  return bad_.contains(name);
}

void ParentObjects::note_bad(const ObjectName& name, const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (!bad_.insert(name)) return;
  }
  if (on_bad_)
    on_bad_(name, error);
  else
    log_warning("{}", error.what());
}

}  // namespace xylem::repo
