#pragma once

/// \file
/// Leases: what a program wants kept in a repository although no ref leads to it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xylem {

/// Until its end, or until it is released, a prune by xylem keeps what it names: a commit with all
/// that it reaches, any other object by itself. It survives crashes, and belongs to nobody: any
/// process may list, renew and release it.
struct Lease {
  std::string name;
  std::vector<std::string> objects;  ///< "<checksum>.<kind>", sorted.
  std::string note;                  ///< For people: who wants this, and why.
  std::int64_t created = 0;          ///< Seconds since the epoch.
  std::optional<std::int64_t> ends;  ///< As above; nullopt: never.

  bool has_ended(std::int64_t now) const { return ends && *ends <= now; }
};

/// A new lease, or what changes in the one of that name: objects are added to those it has.
struct LeaseRequest {
  std::string name;                  ///< Empty: one is made up.
  std::vector<std::string> objects;  ///< They must be in the repository.
  std::optional<std::string> note;
  std::optional<std::int64_t> ends;  ///< nullopt: as it is; of a new one, never.
};

}  // namespace xylem
