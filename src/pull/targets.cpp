#include "pull/targets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xylem/error.hpp"

namespace xylem::pull {

asio::awaitable<std::vector<RefRequest>> requests_of(const PullOptions& options,
                                                     const repo::Remote& remote, RefIndex& index) {
  std::vector<std::string> refs = options.refs;
  if (refs.empty()) refs = remote.branches;
  if (refs.empty() && (options.mirror || options.local_repository))
    refs = co_await index.list_refs();
  else if (refs.empty())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("No configured branches for remote {}", remote.name))
        .hint("name the refs to pull; `xylem remote refs " + remote.name + "` lists them");
  std::vector<RefRequest> requests;
  requests.reserve(refs.size());
  for (const std::string& ref : refs) requests.push_back(parse_ref_request(ref));
  co_return requests;
}

std::optional<Checksum> current_commit(const repo::Repo& repo, const PullTarget& target) {
  if (const auto* ref = std::get_if<object::RefSpec>(&target.destination))
    return repo::find_ref(repo, *ref);
  if (const auto* ref = std::get_if<repo::CollectionRef>(&target.destination))
    return repo::find_ref(repo, *ref);
  return std::nullopt;
}

namespace {

/// Whether, and how strictly, a pull may not go back; the stricter of options and remote counts.
repo::TimestampCheck timestamp_check(const PullOptions& options, const repo::Remote& remote) {
  using Check = repo::TimestampCheck;
  const Check asked = options.timestamp_check_strict ? Check::Strict
                      : options.timestamp_check      ? Check::NotOlder
                                                     : Check::Off;
  return std::max(asked, remote.timestamp_check);
}

void add_floor(const repo::Repo& repo, const std::optional<Checksum>& commit, bool strict,
               Target& target) {
  if (commit) target.floors.push_back({*commit, repo.load_commit(*commit).timestamp, strict});
}

void set_destination(const PullOptions& options, const std::optional<std::string>& collection,
                     PullTarget& found) {
  if (!found.target.ref) return;
  const std::string& ref = *found.target.ref;
  if (options.mirror && collection)
    found.destination = repo::CollectionRef{*collection, ref};
  else if (options.mirror || options.remote.empty())
    found.destination = object::RefSpec{std::nullopt, ref};
  else
    found.destination = object::RefSpec{options.remote, ref};
}

/// A remote's index does not know what we call it: its hint gets the name.
asio::awaitable<FoundRef> find_ref(std::string ref, const repo::Remote& remote, RefIndex& index) {
  try {
    co_return co_await index.find_ref(std::move(ref));
  } catch (Error& error) {
    constexpr std::string_view listing = "`xylem remote refs";
    std::string hint = error.details().hint;
    const std::size_t at = hint.find(listing);
    if (at != std::string::npos) error.hint(hint.insert(at + listing.size(), " " + remote.name));
    throw;
  }
}

asio::awaitable<PullTarget> resolve(RefRequest request, const PullOptions& options,
                                    const repo::Remote& remote, RefIndex& index) {
  PullTarget found;
  found.target.ref = request.ref;
  std::optional<std::string> collection;
  if (request.commit) {
    found.target.commit = *request.commit;
    collection = remote.collection_id;
  } else {
    FoundRef entry = co_await find_ref(*request.ref, remote, index);
    found.target.commit = entry.commit;
    found.target.commit_size = entry.commit_size;
    collection = std::move(entry.collection_id);
  }
  set_destination(options, collection, found);
  co_return found;
}

}  // namespace

asio::awaitable<std::vector<PullTarget>> resolve_targets(std::vector<RefRequest> requests,
                                                         const PullOptions& options,
                                                         const repo::Remote& remote,
                                                         const repo::Repo& repo, RefIndex& index) {
  const repo::TimestampCheck check = timestamp_check(options, remote);
  const bool strict = check == repo::TimestampCheck::Strict;
  std::optional<Checksum> from_rev;
  if (options.timestamp_check_from_rev)
    from_rev = repo::resolve_rev(repo, *options.timestamp_check_from_rev);

  std::vector<PullTarget> targets;
  for (RefRequest& request : requests) {
    PullTarget found = co_await resolve(std::move(request), options, remote, index);
    found.target.predecessor = current_commit(repo, found);
    found.timestamps = check;
    if (check != repo::TimestampCheck::Off)
      add_floor(repo, found.target.predecessor, strict, found.target);
    add_floor(repo, from_rev, strict, found.target);
    targets.push_back(std::move(found));
  }
  co_return targets;
}

}  // namespace xylem::pull
