#pragma once

/// \file
/// Labels: what programs note about objects, as names and values. Nothing in xylem acts on them.

#include <map>
#include <set>
#include <string>

#include "repo/repo.hpp"

namespace xylem::repo {

using Labels = std::map<std::string, std::string>;

struct LabelChanges {
  Labels set;
  std::set<std::string> remove;  ///< Before the others are set.
};

/// Empty for an object without labels, or that is not here. Throws Error(Corrupt).
Labels labels_of(const Repo& repo, const object::ObjectName& object);
/// All changes or none, durably; returns what the object has then. Throws Error(NotFound) unless it
/// is here, Error(InvalidArgument) for a name or value that cannot be kept.
Labels edit_labels(Repo& repo, const object::ObjectName& object, const LabelChanges& changes);
/// Removes the labels of objects that are not here any more. For who holds the exclusive repository
/// lock.
void remove_labels_of_nothing(Repo& repo);

}  // namespace xylem::repo
