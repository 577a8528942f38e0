#pragma once

#include <string>

#include "base/error_list.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

/// What `refs` lists, and how.
struct RefListing {
  bool full_names = false;   ///< Keep the prefix on the names.
  bool revisions = false;    ///< With checksums.
  bool aliases = false;      ///< Only aliases, with what they stand for.
  bool collections = false;  ///< Refs of collections; the prefix is a collection id.
};

/// Lists refs, sorted by name; an empty `prefix` selects all. Goes on past those that cannot be
/// read, and returns what is wrong with them.
ErrorList print_refs(const repo::Repo& repo, const RefListing& listing, const std::string& prefix);

/// `name` without the part that `prefix` is, unless they are equal: "os" takes "os/debian" to
/// "debian", "origin:os" takes "origin:os/debian" to "origin:debian". Pure.
std::string cut_prefix(const std::string& name, const std::string& prefix);

}  // namespace xylem::cli
