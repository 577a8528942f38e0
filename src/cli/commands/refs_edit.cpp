#include "cli/commands/refs_edit.hpp"

#include <fmt/format.h>

#include "repo/refs/refs.hpp"

namespace xylem::cli {

namespace {

void require_new(const NewRef& ref, bool exists) {
  if (exists && !ref.force)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--create specified but ref {} already exists", ref.name))
        .hint("--force replaces it.");
}

bool is_alias(const repo::Repo& repo, const object::RefSpec& spec) {
  const auto refs = repo::list_refs(repo);
  const auto found = refs.find(spec);
  return found != refs.end() && found->second.alias_of;
}

void refuse_alias_of(const std::map<object::RefSpec, repo::RefEntry>& refs,
                     const object::RefSpec& spec) {
  for (const auto& [alias, entry] : refs)
    if (!spec.remote && entry.alias_of == spec.ref)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Ref '{}' has an active alias: '{}'", spec.ref, alias.ref))
          .hint("Delete the alias first.");
}

}  // namespace

void create_ref(repo::Repo& repo, const NewRef& ref) {
  const auto spec = object::RefSpec::parse(ref.name);
  require_new(ref, repo::find_ref(repo, spec).has_value());
  repo::write_ref(repo, spec, repo::resolve_rev(repo, ref.revision));
}

void create_alias(repo::Repo& repo, const NewRef& ref) {
  const auto spec = object::RefSpec::parse(ref.name);
  require_new(ref, repo::find_ref(repo, spec) && !is_alias(repo, spec));
  if (spec.remote)
    throw Error(ErrorKind::InvalidArgument, "Cannot create alias to remote ref: " + *spec.remote);
  if (!repo::find_ref(repo, object::RefSpec::parse(ref.revision)))
    throw Error(ErrorKind::NotFound, "Cannot create alias to non-existent ref: " + ref.revision);
  repo::write_alias(repo, spec.ref, ref.revision);
}

void create_collection_ref(repo::Repo& repo, const NewRef& ref) {
  const std::size_t colon = ref.name.find(':');
  if (colon == std::string::npos)
    throw Error(ErrorKind::InvalidArgument, "Not of the form COLLECTION-ID:REF: " + ref.name);
  const repo::CollectionRef target{ref.name.substr(0, colon), ref.name.substr(colon + 1)};
  object::validate_collection_id(target.collection_id);
  object::validate_ref(target.ref);
  require_new(ref, repo::find_ref(repo, target).has_value());
  repo::write_ref(repo, target, repo::resolve_rev(repo, ref.revision));
}

void delete_refs(repo::Repo& repo, const std::string& prefix) {
  const auto all = repo::list_refs(repo);
  for (const auto& [spec, entry] : repo::list_refs(repo, prefix)) {
    refuse_alias_of(all, spec);
    repo::write_ref(repo, spec, std::nullopt);
  }
}

void delete_collection_refs(repo::Repo& repo, const std::string& collection) {
  object::validate_collection_id(collection);
  for (const auto& [ref, commit] : repo::list_collection_refs(repo))
    if (ref.collection_id == collection) repo::write_ref(repo, ref, std::nullopt);
}

}  // namespace xylem::cli
