#include <fmt/format.h>

#include "repo/disk/object_error.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

using object::ObjectName;
using object::ObjectType;

[[noreturn]] void throw_missing(const Repo& repo, const ObjectName& name) {
  throw Error(ErrorKind::NotFound,
              fmt::format("{} in repository {}", missing_text(name), repo.path()),
              {.object = name.text(), .path = repo.path(), .hint = "pull it again"});
}

std::optional<Bytes> try_load(const Repo& repo, const ObjectName& name) {
  for (const Repo* at = &repo; at != nullptr; at = at->parent())
    if (auto bytes = at->store().load_metadata(name)) return bytes;
  return std::nullopt;
}

}  // namespace

bool Repo::has(const ObjectName& name) const {
  return store_.has(name) || (parent_ && parent_->has(name));
}

Bytes Repo::load_metadata(const ObjectName& name) const {
  auto bytes = try_load(*this, name);
  if (!bytes) throw_missing(*this, name);
  return std::move(*bytes);
}

object::Commit Repo::load_commit(const Checksum& commit) const {
  const ObjectName name{commit, ObjectType::Commit};
  const Bytes bytes = load_metadata(name);
  return with_object_name(name, [&] { return object::parse_commit(bytes); });
}

object::DirTree Repo::load_dirtree(const Checksum& tree) const {
  const ObjectName name{tree, ObjectType::DirTree};
  const Bytes bytes = load_metadata(name);
  return with_object_name(name, [&] { return object::parse_dirtree(bytes); });
}

object::DirMeta Repo::load_dirmeta(const Checksum& meta) const {
  const ObjectName name{meta, ObjectType::DirMeta};
  const Bytes bytes = load_metadata(name);
  return with_object_name(name, [&] { return object::parse_dirmeta(bytes); });
}

LoadedFile Repo::load_file(const Checksum& file) const {
  for (const Repo* at = this; at != nullptr; at = at->parent())
    if (auto loaded = at->store_.load_file(file)) return std::move(*loaded);
  throw_missing(*this, {file, ObjectType::File});
}

object::Dict Repo::load_commitmeta(const Checksum& commit) const {
  const ObjectName name{commit, ObjectType::CommitMeta};
  const auto bytes = try_load(*this, name);
  if (!bytes) return {};
  return with_object_name(name,
                          [&] { return object::parse_dict_object(*bytes, "detached metadata"); });
}

}  // namespace xylem::repo
