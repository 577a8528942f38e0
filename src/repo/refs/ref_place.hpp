#pragma once

/// \file
/// Where refs are stored, and how one of them is put there and taken away. For those who hold the
/// lock on refs.

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/codec/checksum.hpp"
#include "base/os/fd.hpp"
#include "object/names/names.hpp"
#include "repo/refs/refs.hpp"

namespace xylem::repo {

/// Where one ref is stored, relative to the repository.
struct RefPlace {
  std::string base;  ///< "refs/heads", "refs/remotes/<remote>", "refs/mirrors/<collection>".
  std::string ref;

  std::string path() const { return base + "/" + ref; }
};

/// Throws Error(InvalidArgument) for names that no ref can have.
RefPlace place_of(const Repo& repo, const AnyRef& ref);
/// From such a path back; nullopt for what is no ref's.
std::optional<RefPlace> parse_ref_path(const std::string& path);

/// Calls `put` with the place until what is in its way is out of it. Others may make and remove
/// directories. Throws Error(InvalidArgument) if another ref is in the way.
void put_ref(FileDescriptor repo, const RefPlace& place, bool fsync,
             const std::function<void(const PathAt&)>& put);

/// Removes the file, if there is one, and the directories that have become empty.
void delete_ref(FileDescriptor repo, const RefPlace& place, bool fsync);

}  // namespace xylem::repo
