#pragma once

/// \file
/// Room `repo/refs`: names for commits, and the files that list them: refs, collection refs,
/// summary, delta directories. Knows nothing of how objects are written.
///
/// Refs: names for commits, one small file each.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/codec/checksum.hpp"
#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

class Repo;

/// A ref of a collection, under refs/mirrors/.
struct CollectionRef {
  std::string collection_id;
  std::string ref;
  // NOLINTNEXTLINE(modernize-use-nullptr): the 0 is the compiler's own.
  auto operator<=>(const CollectionRef&) const = default;
};

/// The commit of exactly this ref (refs/heads/, or refs/remotes/<remote>/), also in parents.
std::optional<Checksum> find_ref(const Repo& repo, const object::RefSpec& spec);
std::optional<Checksum> find_ref(const Repo& repo, const CollectionRef& ref);

/// What a person types: a ref, `remote:ref`, a full checksum, a unique prefix of a commit's
/// checksum, any of them with `^` behind it for the parent. Without a remote: refs/heads/X, then
/// refs/remotes/X, then X in any remote. Throws Error(NotFound) or Error(InvalidArgument).
Checksum resolve_rev(const Repo& repo, std::string_view rev);
/// As above; nullopt when there is no such thing. An ambiguous prefix still throws.
std::optional<Checksum> try_resolve_rev(const Repo& repo, std::string_view rev);

struct RefEntry {
  Checksum commit;
  std::optional<std::string> alias_of;  ///< The ref that this one is an alias (symlink) of.
};

/// Told of a ref, or a directory of refs, that cannot be read; the error is always Corrupt.
using BadRefHandler = std::function<void(const object::RefSpec&, const Error&)>;
using BadCollectionRefHandler = std::function<void(const CollectionRef&, const Error&)>;

/// Refs of this repository, not of its parents, as libostree lists them: heads without a remote,
/// remotes with one. `prefix`, if not empty, selects the ref of this name and those below it, as
/// `ostree refs PREFIX` does; "remote:" selects all of a remote. With `on_bad`, a ref that cannot
/// be read is reported and left out; without, its Error(Corrupt) is thrown.
std::map<object::RefSpec, RefEntry> list_refs(const Repo& repo, std::string_view prefix = {},
                                              const BadRefHandler& on_bad = {});
/// Of this repository's own collection (if it has one), of mirrored ones, and of remotes that have
/// a collection id.
std::map<CollectionRef, Checksum> list_collection_refs(const Repo& repo,
                                                       const BadCollectionRefHandler& on_bad = {});
/// Of mirrored collections only (refs/mirrors/).
std::map<CollectionRef, Checksum> list_mirrored_refs(const Repo& repo,
                                                     const BadCollectionRefHandler& on_bad = {});
/// Remotes of which there are refs, whether they are configured or not; sorted.
std::vector<std::string> remotes_with_refs(const Repo& repo);

/// A ref of either kind. One of our own collection is a local one.
using AnyRef = std::variant<object::RefSpec, CollectionRef>;

/// Writes atomically and durably (unless `fsync` is off), making and removing directories on the
/// way; nullopt deletes, and it is fine if there is nothing to delete. The caller has made sure
/// that invariant 3 holds. Throws Error(InvalidArgument) for a name that looks like a checksum, and
/// when one ref's name is a directory of another's. See change_refs.hpp for several at once.
void write_ref(Repo& repo, const AnyRef& ref, const std::optional<Checksum>& commit,
               bool fsync = true);
/// Makes `alias` a relative symlink to `target`; both are local refs. Throws Error(NotFound) unless
/// `target` exists.
void write_alias(Repo& repo, std::string_view alias, std::string_view target);

}  // namespace xylem::repo
