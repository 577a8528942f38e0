#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/similar.hpp"
#include "object/names/names.hpp"
#include "repo/disk/layout.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

using object::RefSpec;

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_checksum_prefix(std::string_view text) {
  return !text.empty() && text.size() < Checksum::hex_size &&
         text.find_first_not_of(hex_digits) == std::string_view::npos;
}

/// A ref without a remote: local, then "remote/ref", then in any remote.
std::optional<Checksum> find_anywhere(const Repo& repo, const std::string& ref) {
  if (const auto commit = read_ref_file(repo.dir(), layout::ref_file(ref))) return commit;
  const std::string with_remote = std::string(layout::refs_remotes) + "/" + ref;
  if (const auto commit = read_ref_file(repo.dir(), with_remote)) return commit;
  for (const std::string& remote : remotes_with_refs(repo))
    if (const auto commit = read_ref_file(repo.dir(), layout::remote_ref_file(remote, ref)))
      return commit;
  return repo.parent() == nullptr ? std::nullopt : find_anywhere(*repo.parent(), ref);
}

void collect_commits_in(const Repo& repo, const std::string& two_digits, std::string_view prefix,
                        std::set<Checksum>& found) {
  const UniqueFd dir = os::try_open_dir({repo.store().dir(), two_digits});
  if (!dir.valid()) return;
  for (const DirEntry& entry : list_directory(dir)) {
    const auto name = layout::parse_loose_object(two_digits, entry.name, repo.mode());
    if (name && name->type == object::ObjectType::Commit &&
        name->checksum.hex().starts_with(prefix))
      found.insert(name->checksum);
  }
}

void collect_commits(const Repo& repo, std::string_view prefix, std::set<Checksum>& found) {
  if (prefix.size() >= 2) {
    collect_commits_in(repo, std::string(prefix.substr(0, 2)), prefix, found);
  } else {
    for (const char digit : hex_digits)
      collect_commits_in(repo, std::string(prefix) + digit, prefix, found);
  }
  if (repo.parent() != nullptr) collect_commits(*repo.parent(), prefix, found);
}

std::optional<Checksum> find_by_prefix(const Repo& repo, std::string_view prefix) {
  std::set<Checksum> found;
  collect_commits(repo, prefix, found);
  if (found.empty()) return std::nullopt;
  if (found.size() > 1)
    throw Error(ErrorKind::InvalidArgument, fmt::format("Refspec {} not unique", prefix),
                {.hint = "give more digits of the checksum"});
  return *found.begin();
}

std::optional<Checksum> find_base(const Repo& repo, std::string_view text) {
  if (const auto checksum = Checksum::from_hex(text)) return checksum;
  settle_refs_if_left(repo);
  const RefSpec spec = RefSpec::parse(text);
  if (spec.remote) return find_ref(repo, spec);
  if (const auto commit = find_anywhere(repo, spec.ref)) return commit;
  if (is_checksum_prefix(text)) return find_by_prefix(repo, text);
  return std::nullopt;
}

Checksum parent_commit(const Repo& repo, const Checksum& commit) {
  const auto parent = repo.load_commit(commit).parent;
  if (!parent)
    throw Error(ErrorKind::NotFound, fmt::format("Commit {} has no parent", commit.hex()));
  return *parent;
}

}  // namespace

namespace {

/// Whoever looks for a directory, as `diff` may, has to say so.
std::string hint_for_ref(const Repo& repo, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& [spec, entry] : list_refs(repo, {}, [](const auto&, const auto&) {}))
    names.push_back(spec.text());
  const std::string meant = nearest(name, names);
  return (meant.empty() ? "" : fmt::format("Did you mean {}? ", object::quoted(meant))) +
         "`xylem refs` lists the refs";
}

}  // namespace

Checksum resolve_rev(const Repo& repo, std::string_view rev) {
  const std::size_t end = rev.find_last_not_of('^');
  const std::size_t base_size = end == std::string_view::npos ? 0 : end + 1;
  const std::string_view base = rev.substr(0, base_size);
  auto commit = find_base(repo, base);
  if (!commit)
    throw Error(ErrorKind::NotFound, fmt::format("Refspec '{}' not found", base),
                {.hint = hint_for_ref(repo, base)});
  for (std::size_t steps = rev.size() - base_size; steps > 0; --steps)
    commit = parent_commit(repo, *commit);
  return *commit;
}

std::optional<Checksum> try_resolve_rev(const Repo& repo, std::string_view rev) try {
  return resolve_rev(repo, rev);
} catch (const Error& error) {
  if (error.kind() != ErrorKind::NotFound) throw;
  return std::nullopt;
}

}  // namespace xylem::repo
