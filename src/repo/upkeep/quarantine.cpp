#include "repo/upkeep/quarantine.hpp"

#include <algorithm>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/partial.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/refs/ref_place.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// A name in quarantine/ that nobody has yet.
std::string free_name(const Repo& repo, const std::string& from) {
  std::string flat = from;
  std::ranges::replace(flat, '/', '_');
  const std::string first = std::string(layout::quarantine) + "/" + flat;
  std::string name = first;
  for (int number = 2; os::exists({repo.dir(), name}); ++number)
    name = first + "." + std::to_string(number);
  return name;
}

Quarantined move(const Repo& repo, const std::string& from, std::string why) {
  make_repo_dir({repo.dir(), layout::quarantine});
  Quarantined moved{from, free_name(repo, from), std::move(why)};
  os::rename({repo.dir(), from}, {repo.dir(), moved.to});
  return moved;
}

/// Nothing if it can be read by now. A directory stays: there may be good refs in it.
std::optional<std::string> trouble_of(const Repo& repo, const std::string& path) try {
  const auto info = os::try_stat({repo.dir(), path});
  if (info && S_ISDIR(info->st_mode)) return std::nullopt;
  read_ref_file(repo.dir(), path);
  return std::nullopt;
} catch (const Error& error) {
  return error.what();
}

std::vector<std::string> bad_refs(const Repo& repo) {
  std::vector<std::string> paths;
  const auto note = [&](const AnyRef& ref) { paths.push_back(place_of(repo, ref).path()); };
  list_refs(repo, {}, [&](const object::RefSpec& spec, const Error&) { note(spec); });
  list_mirrored_refs(repo, [&](const CollectionRef& ref, const Error&) { note(ref); });
  return paths;
}

/// Each gets a sound one in its place: the commit may lack objects all the same.
void move_markers(Repo& repo, std::vector<Quarantined>& moved) {
  for (const auto& [commit, error] : bad_markers(repo)) {
    moved.push_back(move(repo, layout::partial_marker(commit), error.what()));
    mark_partial(repo, commit, CommitState::Partial, false);
  }
}

}  // namespace

std::vector<Quarantined> quarantine_bad_files(Repo& repo) {
  std::vector<Quarantined> moved;
  const RefEditor editor(repo);
  for (const std::string& path : bad_refs(repo))
    if (auto why = trouble_of(repo, path)) moved.push_back(move(repo, path, std::move(*why)));
  move_markers(repo, moved);
  if (!moved.empty()) os::syncfs(repo.dir());
  return moved;
}

}  // namespace xylem::repo
