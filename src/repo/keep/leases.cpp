#include "repo/keep/leases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "repo/disk/random_name.hpp"
#include "repo/disk/store_layout.hpp"
#include "repo/keep/extras.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr char lease_group[] = "lease";
constexpr char objects_group[] = "objects";

Extras leases_of(const Repo& repo) {
  return {repo, layout::leases};
}

Lease read_lease(const std::string& name, const KeyFile& file) {
  Lease lease{.name = name};
  lease.objects = file.keys(objects_group);
  std::ranges::sort(lease.objects);
  lease.note = file.find_string(lease_group, "note").value_or("");
  lease.created = file.find_int(lease_group, "created").value_or(0);
  lease.ends = file.find_int(lease_group, "ends");
  return lease;
}

/// nullopt for one that was released just now. What says nothing that we understand, as a file that
/// lost its bytes, may be a lease for everything.
std::optional<Lease> load_lease(const Extras& leases, const std::string& name) try {
  const KeyFile file = leases.load(name);
  if (file.has_group(lease_group)) return read_lease(name, file);
  if (!leases.has(name)) return std::nullopt;
  throw Error(ErrorKind::Corrupt, fmt::format("It has no group [{}]", lease_group));
} catch (Error& error) {
  if (error.kind() != ErrorKind::Corrupt && error.kind() != ErrorKind::InvalidArgument) throw;
  throw Error(ErrorKind::Corrupt,
              fmt::format("Lease {} cannot be read: {}", printable(name), error.what()),
              error.details())
      .hint("`xylem lease rm` removes it");
}

[[noreturn]] void throw_no_lease(const std::string& name) {
  throw Error(ErrorKind::NotFound, fmt::format("No such lease: {}", printable(name)))
      .hint("`xylem lease list` lists them");
}

void change_lease(KeyFile& file, const LeaseRequest& request) {
  if (!file.has_key(lease_group, "created"))
    file.set(lease_group, "created", std::to_string(std::time(nullptr)));
  if (request.note) file.set(lease_group, "note", *request.note);
  if (request.ends) file.set(lease_group, "ends", std::to_string(*request.ends));
  for (const std::string& object : request.objects) file.set(objects_group, object, "");
}

}  // namespace

std::vector<Lease> list_leases(const Repo& repo) {
  const Extras leases = leases_of(repo);
  std::vector<Lease> result;
  for (const std::string& name : leases.names())
    if (auto lease = load_lease(leases, name)) result.push_back(std::move(*lease));
  return result;
}

Lease grant_lease(Repo& repo, const LeaseRequest& request) {
  repo.require_writable();
  const std::string name = request.name.empty() ? random_name("lease-") : request.name;
  require_file_name("a lease", name);
  const RepoLock lock = repo.lock(os::LockMode::Shared);
  for (const std::string& object : request.objects) require_own(repo, parse_object_name(object));
  Lease lease;
  leases_of(repo).edit(name, [&](KeyFile& file) {
    change_lease(file, request);
    lease = read_lease(name, file);
  });
  return lease;
}

void extend_lease(Repo& repo, const std::string& name, const object::ObjectName& object) {
  require_file_name("a lease", name);
  Extras leases = leases_of(repo);
  if (!leases.has(name)) throw_no_lease(name);  // Before edit() makes directories.
  leases.edit(name, [&](KeyFile& file) {
    if (!file.has_group(lease_group)) throw_no_lease(name);
    file.set(objects_group, object.text(), "");
  });
}

void release_lease(Repo& repo, const std::string& name) {
  require_file_name("a lease", name);
  if (!leases_of(repo).remove(name)) throw_no_lease(name);
}

std::vector<object::ObjectName> leased_objects(const Repo& repo, std::int64_t now) {
  std::vector<object::ObjectName> names;
  for (const Lease& lease : list_leases(repo)) {
    if (lease.has_ended(now)) continue;
    for (const std::string& object : lease.objects) names.push_back(parse_object_name(object));
  }
  return names;
}

void remove_ended_leases(Repo& repo, std::int64_t now) {
  for (const Lease& lease : list_leases(repo))
    if (lease.has_ended(now)) leases_of(repo).remove(lease.name);
}

}  // namespace xylem::repo
