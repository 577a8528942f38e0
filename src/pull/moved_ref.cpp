#include "pull/moved_ref.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/utc_date.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

std::string name_of(const PullTarget& target) {
  if (const auto* spec = std::get_if<object::RefSpec>(&target.destination)) return spec->text();
  const auto& ref = std::get<repo::CollectionRef>(target.destination);
  return ref.collection_id + ":" + ref.ref;
}

/// nullopt for a commit that is not here, or is damaged: nothing speaks for keeping a ref to it.
std::optional<std::uint64_t> time_of(const repo::Repo& repo, const Checksum& commit) try {
  return repo.load_commit(commit).timestamp;
} catch (const Error& error) {
  log_debug("Commit {} is not compared with: {}", commit.hex(), error.what());
  return std::nullopt;
}

bool moves_forward(std::uint64_t ours, std::uint64_t theirs, const PullTarget& target) {
  return ours > theirs || (ours == theirs && target.timestamps == repo::TimestampCheck::NotOlder);
}

[[noreturn]] void throw_overtaken(const repo::Repo& repo, const PullTarget& target,
                                  const Checksum& now) {
  const std::string ref = name_of(target);
  const auto mover = repo::last_change(repo, as_any_ref(target));
  throw Error(
      ErrorKind::Conflict,
      fmt::format("Ref {} was moved meanwhile{} to commit {} of {}; commit {} of {}, which this "
                  "pull has fetched, is not newer: the ref stays where it is",
                  ref, mover ? " by " + *mover : "", now.hex(),
                  utc_date(time_of(repo, now).value_or(0)), target.target.commit.hex(),
                  utc_date(time_of(repo, target.target.commit).value_or(0))),
      {.object = object::ObjectName{now, object::ObjectType::Commit}.text(),
       .hint = fmt::format("pull again to get what the remote has now, or set the ref back on "
                           "purpose with `xylem reset {} {}`",
                           ref, target.target.commit.hex())});
}

}  // namespace

repo::AnyRef as_any_ref(const PullTarget& target) {
  if (const auto* ref = std::get_if<repo::CollectionRef>(&target.destination)) return *ref;
  return std::get<object::RefSpec>(target.destination);
}

repo::RefCheck not_overtaken(const repo::Repo& repo, const PullTarget& target) {
  return [&repo, target](const std::optional<Checksum>& now) {
    const Checksum& ours = target.target.commit;
    if (!now || *now == ours || *now == target.target.predecessor) return;
    const auto theirs = time_of(repo, *now);
    if (!theirs || moves_forward(time_of(repo, ours).value_or(0), *theirs, target)) return;
    throw_overtaken(repo, target, *now);
  };
}

}  // namespace xylem::pull
