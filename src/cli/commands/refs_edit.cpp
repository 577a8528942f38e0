#include "cli/commands/refs_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "repo/refs/change_refs.hpp"

namespace xylem::cli {

namespace {

using Refs = std::map<object::RefSpec, repo::RefEntry>;

std::string shown(const std::optional<Checksum>& commit) {
  return commit ? commit->hex() : "absent";
}

void require_new(const NewRef& ref, bool exists) {
  if (exists && !ref.force && !ref.expected.is_given)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--create specified but ref {} already exists", ref.name))
        .hint("--force replaces it.");
}

/// It would point at nothing. The repository lock is held, so that no prune takes the commit away.
Checksum resolve_existing(const repo::Repo& repo, const std::string& revision) {
  const Checksum commit = repo::resolve_rev(repo, revision);
  const object::ObjectName name{commit, object::ObjectType::Commit};
  if (!repo.has(name))
    throw Error(ErrorKind::NotFound, fmt::format("No such commit: {}", commit.hex()),
                {.object = name.text(), .hint = "pull or commit it first"});
  return commit;
}

bool is_alias(const repo::Repo& repo, const object::RefSpec& spec) {
  const auto ignore = [](const object::RefSpec&, const Error&) {};
  const Refs refs = repo::list_refs(repo, {}, ignore);
  const auto found = refs.find(spec);
  return found != refs.end() && found->second.alias_of;
}

/// Refs that cannot be read are there, too, and may be what is to go.
struct Listed {
  Refs refs;
  std::set<object::RefSpec> unreadable;
};

Listed list_all(const repo::Repo& repo, const std::string& prefix) {
  Listed listed;
  listed.refs = repo::list_refs(repo, prefix, [&](const object::RefSpec& spec, const Error&) {
    listed.unreadable.insert(spec);
  });
  return listed;
}

/// An alias that would stay, and lead nowhere.
void refuse_alias_of(const Refs& refs, const std::set<object::RefSpec>& victims) {
  for (const auto& [alias, entry] : refs) {
    if (!entry.alias_of || alias.remote || victims.contains(alias)) continue;
    if (victims.contains({std::nullopt, *entry.alias_of}))
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Ref '{}' has an active alias: '{}'", *entry.alias_of, alias.ref))
          .hint("Delete the alias first.");
  }
}

repo::RefChange deletion(repo::AnyRef ref) {
  return {.ref = std::move(ref), .value = {}, .check = {}};
}

}  // namespace

ExpectedRef parse_expected(const repo::Repo& repo, const std::optional<std::string>& text) {
  if (!text) return {};
  if (text->empty()) return {true, std::nullopt};
  return {true, repo::resolve_rev(repo, *text)};
}

repo::RefCheck check_of(const std::string& name, const ExpectedRef& expected) {
  if (!expected.is_given) return {};
  return [=](const std::optional<Checksum>& now) {
    if (now == expected.commit) return;
    throw Error(ErrorKind::Conflict,
                fmt::format("Ref {} is not {}, as --expect says, but {}: it stays as it is", name,
                            shown(expected.commit), shown(now)))
        .hint("look at what it is now, and decide again");
  };
}

void create_ref(repo::Repo& repo, const NewRef& ref) {
  const auto spec = object::RefSpec::parse(ref.name);
  repo::RefEditor editor(repo);
  require_new(ref, repo::find_ref(repo, spec).has_value());
  editor.apply({{spec, resolve_existing(repo, ref.revision), check_of(ref.name, ref.expected)}});
}

void create_alias(repo::Repo& repo, const NewRef& ref) {
  const auto spec = object::RefSpec::parse(ref.name);
  repo::RefEditor editor(repo);
  require_new(ref, repo::find_ref(repo, spec) && !is_alias(repo, spec));
  if (spec.remote)
    throw Error(ErrorKind::InvalidArgument, "Cannot create alias to remote ref: " + *spec.remote);
  if (!repo::find_ref(repo, object::RefSpec::parse(ref.revision)))
    throw Error(ErrorKind::NotFound, "Cannot create alias to non-existent ref: " + ref.revision);
  editor.apply({{spec, repo::AliasOf{ref.revision}, check_of(ref.name, ref.expected)}});
}

void create_collection_ref(repo::Repo& repo, const NewRef& ref) {
  const std::size_t colon = ref.name.find(':');
  if (colon == std::string::npos)
    throw Error(ErrorKind::InvalidArgument, "Not of the form COLLECTION-ID:REF: " + ref.name);
  const repo::CollectionRef target{ref.name.substr(0, colon), ref.name.substr(colon + 1)};
  object::validate_collection_id(target.collection_id);
  object::validate_ref(target.ref);
  repo::RefEditor editor(repo);
  editor.apply({{target, resolve_existing(repo, ref.revision), check_of(ref.name, ref.expected)}});
}

void reset_ref(repo::Repo& repo, const NewRef& ref) {
  const auto spec = object::RefSpec::parse(ref.name);
  repo::RefEditor editor(repo);
  if (!repo::find_ref(repo, spec))
    throw Error(ErrorKind::NotFound, "Invalid ref '" + ref.name + "'");
  editor.apply({{spec, resolve_existing(repo, ref.revision), check_of(ref.name, ref.expected)}});
}

void delete_refs(repo::Repo& repo, const std::vector<std::string>& prefixes) {
  repo::RefEditor editor(repo);
  std::set<object::RefSpec> victims;
  for (const std::string& prefix : prefixes) {
    Listed listed = list_all(repo, prefix);
    for (const auto& [spec, entry] : listed.refs) victims.insert(spec);
    victims.merge(listed.unreadable);
  }
  refuse_alias_of(list_all(repo, {}).refs, victims);
  std::vector<repo::RefChange> changes;
  changes.reserve(victims.size());
  for (const object::RefSpec& spec : victims) changes.push_back(deletion(spec));
  editor.apply(changes);
}

void delete_collection_refs(repo::Repo& repo, const std::vector<std::string>& collections) {
  for (const std::string& collection : collections) object::validate_collection_id(collection);
  repo::RefEditor editor(repo);
  std::vector<repo::RefChange> changes;
  const auto add = [&](const repo::CollectionRef& ref) {
    if (std::ranges::find(collections, ref.collection_id) != collections.end())
      changes.push_back(deletion(ref));
  };
  const auto refs = repo::list_collection_refs(
      repo, [&](const repo::CollectionRef& ref, const Error&) { add(ref); });
  for (const auto& [ref, commit] : refs) add(ref);
  editor.apply(changes);
}

}  // namespace xylem::cli
