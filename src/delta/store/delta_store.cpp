#include "delta/store/delta_store.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "object/names/names.hpp"
#include "repo/refs/static_deltas.hpp"
#include "repo/upkeep/trash.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

DeltaName require_delta_name(const std::string& text) {
  if (const auto name = parse_delta_name(text)) return *name;
  throw Error(ErrorKind::InvalidArgument, fmt::format("Invalid rev {}", text))
      .hint(
          "A delta is called FROM-TO or TO, with the checksums of commits; see "
          "`xylem static-delta list`. A path must have a slash in it.");
}

DeltaFile open_delta(const repo::Repo& repo, const std::string& argument) {
  if (argument.find('/') != std::string::npos) return DeltaFile({FileDescriptor::cwd(), argument});
  return DeltaFile({repo.dir(), require_delta_name(argument).dir()});
}

void delete_delta(repo::Repo& repo, const DeltaName& name) {
  repo.require_writable();
  const PathAt dir{repo.dir(), name.dir()};
  if (!os::exists(dir))
    throw Error(ErrorKind::NotFound, fmt::format("Can't find delta {}", name.text()))
        .hint("`xylem static-delta list` shows the deltas that there are.");
  repo::Trash trash(repo);
  trash.take(dir);
  if (os::exists({repo.dir(), delta_index_file(name.to)})) reindex(repo, name.to);
  trash.empty();
}

void reindex(repo::Repo& repo, const std::optional<Checksum>& to) {
  repo.require_writable();
  const repo::RepoLock beside = repo.lock(os::LockMode::Shared);
  const repo::EditLock lock = repo.edit_lock(repo::Edited::Summary);
  std::vector<DeltaEntry> deltas = repo::list_deltas(repo);
  if (!to) return repo::write_delta_indexes(repo, beside, deltas);
  std::erase_if(deltas, [&](const DeltaEntry& entry) { return entry.name.to != *to; });
  repo::write_delta_index(repo, beside, *to, deltas);
}

}  // namespace xylem::delta
