#include <fmt/format.h>

#include "repo/refs/refs.hpp"
#include "repo/upkeep/fsck_steps.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

struct Binding {
  std::string ref;
  std::optional<std::string> collection_id;

  std::string text() const { return collection_id ? *collection_id + ":" + ref : ref; }
  /// In libostree's words.
  std::string label() const {
    return collection_id ? fmt::format("Collection–ref ({}, {})", *collection_id, ref)
                         : fmt::format("Ref ‘{}’", ref);
  }
};

void check_ref(const Repo& repo, const std::string& shown, const Binding& binding,
               const Checksum& commit, bool verify_binding, FsckReport& report) {
  const ObjectName name{commit, ObjectType::Commit};
  if (const auto problem = check_object(repo, name, true)) {
    report.problems.push_back(
        {FsckProblem::Kind::BadRef, name, shown,
         fmt::format("Loading commit for ref {}: {}", shown, problem->message)});
    return;
  }
  if (!verify_binding) return;
  if (const auto why =
          object::binding_mismatch(repo.load_commit(commit), binding.ref, binding.collection_id))
    report.problems.push_back({FsckProblem::Kind::BadBinding, name, shown,
                               fmt::format("Commit {} of ref {}: {}", commit.hex(), shown, *why)});
}

std::optional<Checksum> resolve(const Repo& repo, const Binding& binding) {
  if (binding.collection_id)
    return find_ref(repo, CollectionRef{*binding.collection_id, binding.ref});
  return try_resolve_rev(repo, binding.ref);
}

void check_back_ref(const Repo& repo, const Binding& binding, const Checksum& commit,
                    FsckReport& report) {
  const auto found = resolve(repo, binding);
  if (found == commit) return;
  report.problems.push_back(
      {FsckProblem::Kind::BadBackRef,
       {commit, ObjectType::Commit},
       binding.text(),
       fmt::format("{} in bindings for commit {} {}", binding.label(), commit.hex(),
                   found ? "leads to " + found->hex() : "does not exist")});
}

}  // namespace

void check_refs(const Repo& repo, const FsckOptions& options, FsckReport& report) {
  const bool verify_bindings = options.verify_bindings || options.verify_back_refs;
  const auto on_bad = [&](const object::RefSpec& spec, const Error& error) {
    report.problems.push_back({FsckProblem::Kind::BadRef, {}, spec.text(), error.what()});
  };
  for (const auto& [spec, entry] : list_refs(repo, {}, on_bad))
    check_ref(repo, spec.text(), {spec.ref, std::nullopt}, entry.commit, verify_bindings, report);
  const auto on_bad_mirror = [&](const CollectionRef& ref, const Error& error) {
    report.problems.push_back(
        {FsckProblem::Kind::BadRef, {}, ref.collection_id + ":" + ref.ref, error.what()});
  };
  list_mirrored_refs(repo, on_bad_mirror);
  const auto told_already = [](const CollectionRef&, const Error&) {};
  for (const auto& [ref, commit] : list_collection_refs(repo, told_already)) {
    const Binding binding{ref.ref, ref.collection_id};
    check_ref(repo, binding.text(), binding, commit, verify_bindings, report);
  }
}

void check_back_refs(const Repo& repo, const std::vector<CheckedCommit>& commits,
                     FsckReport& report) {
  for (const CheckedCommit& entry : commits) {
    const object::Dict& metadata = entry.commit.metadata;
    const auto refs = metadata.find_strings(object::commit_key::ref_binding);
    if (!refs) continue;
    const auto collection = metadata.find_string(object::commit_key::collection_binding);
    for (const std::string& ref : *refs)
      check_back_ref(repo, {ref, collection}, entry.checksum, report);
  }
}

}  // namespace xylem::repo
