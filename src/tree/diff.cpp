#include "tree/diff.hpp"

#include "repo/refs/require_whole.hpp"
#include "tree/diff_tree.hpp"

namespace xylem::tree {

namespace {

using Entry = DiffTree::Entry;

void add_below(const DiffTree& tree, TreeDiff& result, unsigned depth) {
  for (const Entry& entry : tree.entries()) {
    result.added.push_back(tree.path(entry));
    check_depth(depth, result.added.back());
    if (entry.is_dir) add_below(*tree.open(entry), result, depth + 1);
  }
}

void compare(const DiffTree& from, const DiffTree& to, TreeDiff& result, unsigned depth);

void compare_entry(const DiffTree& from, const Entry& entry, const DiffTree& to, TreeDiff& result,
                   unsigned depth) {
  const std::string path = from.path(entry);
  check_depth(depth, path);
  const auto other = to.find(entry.name);
  if (!other) {
    result.removed.push_back(path);
    return;
  }
  const bool same_kind = entry.is_dir == other->is_dir;
  if (!same_kind || from.checksum(entry) != to.checksum(*other)) result.modified.push_back(path);
  if (same_kind && entry.is_dir) compare(*from.open(entry), *to.open(*other), result, depth + 1);
}

void compare(const DiffTree& from, const DiffTree& to, TreeDiff& result, unsigned depth) {
  if (from.identity() && from.identity() == to.identity()) return;
  for (const Entry& entry : from.entries()) compare_entry(from, entry, to, result, depth);
  for (const Entry& entry : to.entries()) {
    if (from.find(entry.name)) continue;
    result.added.push_back(to.path(entry));
    if (entry.is_dir) add_below(*to.open(entry), result, depth + 1);
  }
}

std::unique_ptr<DiffTree> open_side(const repo::Repo& repo, const DiffSide& side,
                                    const DiskChecksumOptions& options) {
  if (const auto* commit = std::get_if<Checksum>(&side)) return open_commit(repo, *commit);
  return open_directory(std::get<std::string>(side), options);
}

bool keeps_no_xattrs(const repo::Repo& repo) {
  return repo.config().disable_xattrs || repo.mode() == repo::Mode::BareUserOnly;
}

}  // namespace

TreeDiff diff(const repo::Repo& repo, const DiffSide& from, const DiffSide& to,
              const DiffOptions& options) {
  DiskChecksumOptions from_options;
  const bool any_commit =
      std::holds_alternative<Checksum>(from) || std::holds_alternative<Checksum>(to);
  from_options.ignore_xattrs = options.ignore_xattrs || (any_commit && keeps_no_xattrs(repo));
  DiskChecksumOptions to_options = from_options;
  to_options.owner_uid = options.owner_uid;
  to_options.owner_gid = options.owner_gid;
  for (const DiffSide* side : {&from, &to})
    if (const auto* commit = std::get_if<Checksum>(side);
        commit != nullptr && !options.allow_partial)
      repo::require_whole(repo, *commit);
  TreeDiff result;
  compare(*open_side(repo, from, from_options), *open_side(repo, to, to_options), result, 0);
  return result;
}

}  // namespace xylem::tree
