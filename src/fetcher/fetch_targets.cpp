#include "fetcher/fetch_targets.hpp"

#include <algorithm>

#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

std::vector<Target> parse_targets(const Request& request, Routes& routes) {
  std::vector<Target> targets;
  targets.reserve(request.urls.size());
  for (const auto& url : request.urls) {
    Target target = routes.parse(url, request.path);
    if (std::ranges::find(request.avoid, target.shown) == request.avoid.end())
      targets.push_back(std::move(target));
  }
  if (targets.empty()) throw Error(ErrorKind::InvalidArgument, "A request needs a URL");
  return targets;
}

}  // namespace

std::vector<Target> targets_of(const Request& request, Routes& routes, const Mirrors& mirrors) {
  std::vector<Target> targets = parse_targets(request, routes);
  put_in_order(targets, mirrors);
  return targets;
}

void put_in_order(std::vector<Target>& targets, const Mirrors& mirrors) {
  if (targets.size() == 1) return;
  std::vector<MirrorHealth> health;
  health.reserve(targets.size());
  for (const Target& target : targets) health.push_back(mirrors.health(target.origin));
  std::vector<Target> ordered;
  ordered.reserve(targets.size());
  for (const std::size_t index : mirror_order(health, std::chrono::steady_clock::now()))
    ordered.push_back(std::move(targets[index]));
  targets = std::move(ordered);
}

}  // namespace xylem::fetcher
