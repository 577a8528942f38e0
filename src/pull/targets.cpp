#include "pull/targets.hpp"

#include <fmt/format.h>

#include "repo/refs.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

asio::awaitable<std::vector<RefRequest>> requests_of(const PullOptions& options,
                                                     const repo::Remote& remote, Source& source) {
  std::vector<std::string> refs = options.refs;
  if (refs.empty()) refs = remote.branches;
  if (refs.empty() && (options.mirror || options.local_repository))
    refs = co_await source.list_refs();
  else if (refs.empty())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("No configured branches for remote {}", remote.name))
        .hint("name the refs to pull; `remote refs " + remote.name + "` lists them");
  std::vector<RefRequest> requests;
  for (const std::string& ref : refs) requests.push_back(parse_ref_request(ref));
  co_return requests;
}

RefNamespace ref_namespace(const PullOptions& options, const repo::Remote& remote,
                           const repo::Config& config) {
  if (options.mirror) {
    const bool foreign = remote.collection_id && remote.collection_id != config.collection_id;
    return {std::nullopt, foreign ? remote.collection_id : std::nullopt};
  }
  if (options.remote.empty()) return {};
  return {options.remote, std::nullopt};
}

std::optional<Checksum> current_commit(const repo::Repo& repo, const RefNamespace& where,
                                       const std::string& ref) {
  if (where.collection) return repo::find_ref(repo, repo::CollectionRef{*where.collection, ref});
  return repo::find_ref(repo, object::RefSpec{where.remote, ref});
}

namespace {

void add_floor(const repo::Repo& repo, const std::optional<Checksum>& commit, Target& target) {
  if (commit) target.floors.push_back({*commit, repo.load_commit(*commit).timestamp});
}

}  // namespace

asio::awaitable<std::vector<Target>> resolve_targets(std::vector<RefRequest> requests,
                                                     const PullOptions& options,
                                                     const repo::Repo& repo,
                                                     const RefNamespace& where, Source& source) {
  std::optional<Checksum> from_rev;
  if (options.timestamp_check_from_rev)
    from_rev = repo::resolve_rev(repo, *options.timestamp_check_from_rev);

  std::vector<Target> targets;
  for (RefRequest& request : requests) {
    Target target;
    target.ref = request.ref;
    if (request.commit) {
      target.commit = *request.commit;
    } else {
      const SourceRef found = co_await source.find_ref(*request.ref);
      target.commit = found.commit;
      target.commit_size = found.commit_size;
    }
    if (options.timestamp_check && target.ref)
      add_floor(repo, current_commit(repo, where, *target.ref), target);
    add_floor(repo, from_rev, target);
    targets.push_back(std::move(target));
  }
  co_return targets;
}

}  // namespace xylem::pull
