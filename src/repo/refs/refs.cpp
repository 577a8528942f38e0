#include "repo/refs/refs.hpp"

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

using object::RefSpec;

std::string base_dir(const std::optional<std::string>& remote) {
  return remote ? std::string(layout::refs_remotes) + "/" + *remote : layout::refs_heads;
}

/// What a symlink of libostree leads to: its text without the way up to the base directory.
std::string alias_target(const Repo& repo, const std::string& path) {
  std::string target = os::read_link({repo.dir(), path});
  while (target.starts_with("../")) target.erase(0, 3);
  return target;
}

/// Collects refs of one repository.
class RefLister {
 public:
  RefLister(const Repo& repo, const BadRefHandler& on_bad) : repo_(repo), on_bad_(on_bad) {}

  void add_all(const std::optional<std::string>& remote, const std::string& start) {
    for_each_ref_file(
        repo_.dir(), base_dir(remote), start,
        [&](const std::string& ref, bool is_symlink) {
          add({remote, ref}, is_symlink);
        },
        [&](const std::string& dir, const Error& error) {
          tell({remote, dir}, error);
        });
  }

  void add(const RefSpec& spec, bool is_symlink) {
    try {
      const std::string path = base_dir(spec.remote) + "/" + spec.ref;
      const auto commit = read_ref_file(repo_.dir(), path);
      if (!commit && is_symlink) log_warning("Alias {} points to no ref", path);
      if (!commit) return;
      RefEntry& entry = refs_[spec];
      entry.commit = *commit;
      if (is_symlink) entry.alias_of = alias_target(repo_, path);
    } catch (const Error& error) {
      tell(spec, error);
    }
  }

  std::map<RefSpec, RefEntry> take() { return std::move(refs_); }

 private:
  void tell(const RefSpec& spec, const Error& error) {
    if (!on_bad_) throw error;
    on_bad_(spec, as_bad_ref(error));
  }

  const Repo& repo_;
  const BadRefHandler& on_bad_;
  std::map<RefSpec, RefEntry> refs_;
};

/// "remote:" and "remote:." mean all refs of a remote.
std::optional<std::string> whole_remote(std::string_view prefix) {
  if (prefix.ends_with(":.")) prefix.remove_suffix(1);
  if (!prefix.ends_with(':')) return std::nullopt;
  prefix.remove_suffix(1);
  object::validate_remote_name(prefix);
  return std::string(prefix);
}

/// Whoever takes no refs for all refs may delete what they keep.
void require_remotes_dir(const Repo& repo) {
  if (os::exists({repo.dir(), layout::refs_remotes})) return;
  throw Error(
      ErrorKind::NotFound,
      std::string("Listing refs: opendir(") + layout::refs_remotes + "): No such file or directory",
      {.path = repo.path() + "/" + layout::refs_remotes,
       .hint = "the repository is damaged; if it never had remotes, make the directory"});
}

void add_everything(const Repo& repo, RefLister& lister) {
  require_remotes_dir(repo);
  lister.add_all(std::nullopt, {});
  for (const std::string& remote : remotes_with_refs(repo)) lister.add_all(remote, {});
}

void add_selected(const Repo& repo, const RefSpec& spec, RefLister& lister) {
  const PathAt path{repo.dir(), base_dir(spec.remote) + "/" + spec.ref};
  const auto info = os::try_stat(path);
  if (!info) return;
  if (S_ISDIR(info->st_mode))
    lister.add_all(spec.remote, spec.ref);
  else
    lister.add(spec, S_ISLNK(info->st_mode));
}

std::map<RefSpec, RefEntry> list_once(const Repo& repo, std::string_view prefix,
                                      const BadRefHandler& on_bad) {
  RefLister lister(repo, on_bad);
  if (prefix.empty())
    add_everything(repo, lister);
  else if (const auto remote = whole_remote(prefix))
    lister.add_all(remote, {});
  else
    add_selected(repo, RefSpec::parse(prefix), lister);
  return lister.take();
}

}  // namespace

std::optional<Checksum> find_ref(const Repo& repo, const RefSpec& spec) {
  object::validate_ref(spec.ref);
  if (spec.remote) object::validate_remote_name(*spec.remote);
  settle_refs_if_left(repo);
  const std::string path = base_dir(spec.remote) + "/" + spec.ref;
  for (const Repo* at = &repo; at != nullptr; at = at->parent())
    if (const auto commit = read_ref_file(at->dir(), path)) return commit;
  return std::nullopt;
}

std::map<RefSpec, RefEntry> list_refs(const Repo& repo, std::string_view prefix,
                                      const BadRefHandler& on_bad) {
  // What is bad is told once, whichever attempt found it.
  std::map<RefSpec, Error> bad;
  const auto note = [&](const RefSpec& spec, const Error& error) { bad.try_emplace(spec, error); };
  auto refs = list_settled(repo, [&] {
    bad.clear();
    return list_once(repo, prefix, on_bad ? BadRefHandler(note) : BadRefHandler());
  });
  for (const auto& [spec, error] : bad) on_bad(spec, error);
  return refs;
}

std::vector<std::string> remotes_with_refs(const Repo& repo) {
  return list_ref_dirs(repo.dir(), layout::refs_remotes);
}

}  // namespace xylem::repo
