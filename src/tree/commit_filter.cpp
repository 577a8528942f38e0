#include "tree/commit_filter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <vector>

#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

bool changes_anything(const CommitModifier& modifier) {
  return modifier.owner_uid || modifier.owner_gid || modifier.no_xattrs ||
         modifier.canonical_permissions || modifier.read_only_executables || modifier.consume ||
         modifier.devino_canonical || modifier.generate_sizes || modifier.labelling ||
         !modifier.mode_adds.empty() || !modifier.mode_values.empty() ||
         !modifier.skip_paths.empty();
}

/// Squashes setuid, setgid, sticky and what group and others may write.
void make_canonical(Ownership& ownership) {
  ownership.uid = 0;
  ownership.gid = 0;
  if (!S_ISLNK(ownership.mode)) ownership.mode &= S_IFMT | 0755U;
}

template <typename Paths>
void check_used(const Paths& unused, std::string_view list) {
  if (!unused.empty())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Unmatched {} paths: {}", list, fmt::join(unused, ", ")));
}

}  // namespace

CommitFilter::CommitFilter(const CommitModifier& modifier, repo::Mode mode)
    : modifier_(modifier),
      canonical_(modifier.canonical_permissions || mode == repo::Mode::BareUserOnly),
      keeps_xattrs_(!modifier.no_xattrs && !canonical_),
      active_(changes_anything(modifier) || canonical_),
      unused_mode_adds_(modifier.mode_adds),
      unused_skip_paths_(modifier.skip_paths) {}

bool CommitFilter::apply(const std::string& path, Ownership& ownership) {
  apply_options(path, ownership);
  if (canonical_) make_canonical(ownership);
  return unused_skip_paths_.erase(path) == 0;
}

void CommitFilter::apply_options(const std::string& path, Ownership& ownership) {
  ownership.uid = modifier_.owner_uid.value_or(ownership.uid);
  ownership.gid = modifier_.owner_gid.value_or(ownership.gid);
  if (modifier_.read_only_executables && S_ISREG(ownership.mode) && (ownership.mode & 0111U) != 0)
    ownership.mode &= ~0222U;

  const auto value = modifier_.mode_values.find(path);
  if (const auto added = unused_mode_adds_.extract(path); !added.empty())
    ownership.mode |= added.mapped();
  else if (value != modifier_.mode_values.end())
    ownership.mode = (ownership.mode & S_IFMT) | value->second;
}

void CommitFilter::check_all_used() const {
  std::vector<std::string> unused;
  for (const auto& [path, mode] : unused_mode_adds_) unused.push_back(path);
  check_used(unused, "statoverride");
  check_used(unused_skip_paths_, "skip-list");
}

}  // namespace xylem::tree
