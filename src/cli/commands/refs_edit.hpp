#pragma once

/// \file
/// What `refs` changes. Each function writes at once and throws Error with ostree's wording.

#include <string>

#include "repo/repo.hpp"

namespace xylem::cli {

struct NewRef {
  std::string name;      ///< "ref", "remote:ref", or "collection:ref".
  std::string revision;  ///< What it shall mean.
  bool force = false;    ///< Replace what is there.
};

void create_ref(repo::Repo& repo, const NewRef& ref);
void create_alias(repo::Repo& repo, const NewRef& ref);
void create_collection_ref(repo::Repo& repo, const NewRef& ref);

/// Deletes what list_refs() finds for `prefix`; a ref that has an alias is refused.
void delete_refs(repo::Repo& repo, const std::string& prefix);
/// Deletes all refs of a collection.
void delete_collection_refs(repo::Repo& repo, const std::string& collection);

}  // namespace xylem::cli
