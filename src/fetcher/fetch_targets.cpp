#include "fetcher/fetch_targets.hpp"

#include <algorithm>

#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

std::vector<Target> parse_targets(const Request& request, TargetCache& cache) {
  std::vector<Target> targets;
  targets.reserve(request.urls.size());
  for (const auto& url : request.urls) {
    Target target = cache.parse(url, request.path);
    if (std::ranges::find(request.avoid, target.shown) == request.avoid.end())
      targets.push_back(std::move(target));
  }
  if (targets.empty()) throw Error(ErrorKind::InvalidArgument, "a request needs a URL");
  return targets;
}

MirrorHealth health_of(const MirrorTable& mirrors, const std::string& origin) {
  const auto found = mirrors.find(origin);
  return found == mirrors.end() ? MirrorHealth{} : found->second;
}

}  // namespace

std::vector<Target> targets_of(const Request& request, TargetCache& cache,
                               const MirrorTable& mirrors, SteadyTime now) {
  std::vector<Target> targets = parse_targets(request, cache);
  if (targets.size() == 1) return targets;
  std::vector<MirrorHealth> health;
  health.reserve(targets.size());
  for (const Target& target : targets) health.push_back(health_of(mirrors, target.origin));
  std::vector<Target> ordered;
  ordered.reserve(targets.size());
  for (const std::size_t index : mirror_order(health, now))
    ordered.push_back(std::move(targets[index]));
  return ordered;
}

}  // namespace xylem::fetcher
