#include "repo/refs/change_refs.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

void write_ref(Repo& repo, const AnyRef& ref, const std::optional<Checksum>& commit, bool fsync) {
  RefChange change{.ref = ref, .value = {}, .check = {}};
  if (commit) change.value = *commit;
  RefEditor(repo).apply({change}, fsync);
}

void write_alias(Repo& repo, std::string_view alias, std::string_view target) {
  RefEditor(repo).apply({{.ref = object::RefSpec{std::nullopt, std::string(alias)},
                          .value = AliasOf{std::string(target)},
                          .check = {}}},
                        repo.config().fsync);
}

}  // namespace xylem::repo
