#include "repo/upkeep/retention.hpp"

#include <limits>
#include <unordered_map>

namespace xylem::repo {

namespace {

constexpr int no_end = std::numeric_limits<int>::max();

Retention default_retention(const RetentionRules& rules) {
  return {rules.depth, rules.keep_younger_than};
}

Retention retention_of(const RetentionRules& rules, const std::string& ref) {
  const auto own = rules.branch_depths.find(ref);
  if (own != rules.branch_depths.end()) return {own->second, std::nullopt};
  const bool whole = !rules.only_branches.empty() && !rules.only_branches.contains(ref);
  return whole ? Retention{} : default_retention(rules);
}

/// Walks histories, and goes where an earlier walk has been only if it leads further now.
class HistoryWalk {
 public:
  explicit HistoryWalk(const CommitNodes& load) : load_(load) {}

  void keep(const RetainedTip& tip) {
    if (tip.retention.not_before)
      keep_young(tip.commit, *tip.retention.not_before);
    else
      keep_depth(tip.commit, tip.retention.depth < 0 ? no_end : tip.retention.depth);
  }

  std::unordered_set<Checksum> take_kept() { return std::move(kept_); }

 private:
  void keep_depth(const Checksum& tip, int depth) {
    std::optional<Checksum> commit = tip;
    for (int left = depth; commit; left -= left == no_end ? 0 : 1) {
      const auto [known, is_new] = walked_to_.try_emplace(*commit, left);
      if (!is_new && known->second >= left) return;
      known->second = left;
      const auto& node = keep_one(*commit);
      if (!node || left == 0) return;
      commit = node->parent;
    }
  }

  void keep_young(const Checksum& tip, std::int64_t not_before) {
    std::optional<Checksum> commit = tip;
    for (bool first = true; commit; first = false) {
      const auto& node = node_of(*commit);
      if (!node) return;
      const bool young = is_young(*node, not_before);
      if (young || first) kept_.insert(*commit);
      if (!young || !walked_young_.insert(*commit).second) return;
      commit = node->parent;
    }
  }

  static bool is_young(const CommitNode& node, std::int64_t not_before) {
    return not_before <= 0 || node.timestamp >= static_cast<std::uint64_t>(not_before);
  }

  const std::optional<CommitNode>& keep_one(const Checksum& commit) {
    const auto& node = node_of(commit);
    if (node) kept_.insert(commit);
    return node;
  }

  const std::optional<CommitNode>& node_of(const Checksum& commit) {
    const auto found = nodes_.find(commit);
    if (found != nodes_.end()) return found->second;
    return nodes_.emplace(commit, load_(commit)).first->second;
  }

  const CommitNodes& load_;
  std::unordered_map<Checksum, std::optional<CommitNode>> nodes_;
  std::unordered_map<Checksum, int> walked_to_;  ///< How much further the walk went from there.
  std::unordered_set<Checksum> walked_young_;
  std::unordered_set<Checksum> kept_;
};

}  // namespace

bool RetentionRules::by_branch() const {
  return keep_younger_than || !branch_depths.empty() || !only_branches.empty();
}

std::vector<RetainedTip> choose_tips(const RetentionRules& rules, const RetentionBegin& begin) {
  std::vector<RetainedTip> tips;
  if (!rules.refs_only && !rules.by_branch()) {
    for (const Checksum& commit : begin.commits) tips.push_back({commit, {rules.depth, {}}});
    return tips;
  }
  for (const auto& [ref, commit] : begin.refs) tips.push_back({commit, retention_of(rules, ref)});
  const Retention unnamed = retention_of(rules, "");
  for (const Checksum& commit : begin.mirrored) tips.push_back({commit, unnamed});
  return tips;
}

std::unordered_set<Checksum> retained_commits(std::span<const RetainedTip> tips,
                                              const CommitNodes& nodes) {
  HistoryWalk walk(nodes);
  for (const RetainedTip& tip : tips) walk.keep(tip);
  return walk.take_kept();
}

}  // namespace xylem::repo
