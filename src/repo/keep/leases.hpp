#pragma once

/// \file
/// Leases on disk: a key file for each, so that one is made, renewed and released as a whole.

#include <ctime>
#include <string>
#include <vector>

#include "repo/repo.hpp"
#include "xylem/leases.hpp"

namespace xylem::repo {

/// By name, also those that have ended. Throws Error(Corrupt) for one that cannot be read.
std::vector<Lease> list_leases(const Repo& repo);

/// Makes a lease, or changes the one of that name. Holds the shared repository lock, so that no
/// prune deletes the objects between the look at them and the lease. Throws Error(NotFound) for an
/// object that is not here.
Lease grant_lease(Repo& repo, const LeaseRequest& request);
/// Adds an object that is still to be published, for who holds the shared repository lock until it
/// is. Throws Error(NotFound) unless there is such a lease.
void extend_lease(Repo& repo, const std::string& name, const object::ObjectName& object);
/// Throws Error(NotFound).
void release_lease(Repo& repo, const std::string& name);

/// What the leases that have not ended keep. Throws Error(Corrupt) for a lease that cannot be read:
/// it may keep anything.
std::vector<object::ObjectName> leased_objects(const Repo& repo, std::int64_t now);
/// For who holds the exclusive repository lock.
void remove_ended_leases(Repo& repo, std::int64_t now);

}  // namespace xylem::repo
