#pragma once

/// \file
/// What `refs` and `reset` change. Each function holds the lock on refs from its first look to the
/// change, changes all or nothing, and throws Error with ostree's wording.

#include <optional>
#include <string>
#include <vector>

#include "repo/refs/change_refs.hpp"

namespace xylem::cli {

/// What a ref must be for a change to be made: --expect.
struct ExpectedRef {
  bool is_given = false;
  std::optional<Checksum> commit;  ///< Nothing: there must be no such ref.
};

/// Of the value of --expect: a revision, or "" for none.
ExpectedRef parse_expected(const repo::Repo& repo, const std::optional<std::string>& text);
/// Throws Error(Conflict) that says what the ref is instead; empty if nothing is expected.
repo::RefCheck check_of(const std::string& name, const ExpectedRef& expected);

struct NewRef {
  std::string name;      ///< "ref", "remote:ref", or "collection:ref".
  std::string revision;  ///< What it shall mean.
  bool force = false;    ///< Replace what is there.
  ExpectedRef expected;
};

void create_ref(repo::Repo& repo, const NewRef& ref);
void create_alias(repo::Repo& repo, const NewRef& ref);
/// As libostree, also in place of one that is there.
void create_collection_ref(repo::Repo& repo, const NewRef& ref);
/// Of one that is there.
void reset_ref(repo::Repo& repo, const NewRef& ref);

/// Deletes what list_refs() finds for the prefixes, and what there cannot be read. Refused if an
/// alias that is not among it leads to one of them.
void delete_refs(repo::Repo& repo, const std::vector<std::string>& prefixes);
/// Deletes all refs of these collections.
void delete_collection_refs(repo::Repo& repo, const std::vector<std::string>& collections);

}  // namespace xylem::cli
