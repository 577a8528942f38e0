#include "cli/remote/gpg_import.hpp"

#include <fmt/format.h>

#include "repo/keyrings.hpp"

namespace xylem::cli {

std::vector<sign::GpgKeySource> select_gpg_keys(std::vector<sign::GpgKeySource> sources,
                                                const std::vector<std::string>& ids) {
  for (sign::GpgKeySource& source : sources)
    source.bytes = sign::GpgKeyring({source}).export_keys(ids);
  return sources;
}

GpgImport import_gpg_keys(repo::Repo& repo, const std::string& remote,
                          const std::vector<sign::GpgKeySource>& keys) {
  GpgImport import;
  repo::edit_remote_keyring(repo, remote, [&](const std::optional<repo::Keyring>& old) {
    std::vector<sign::GpgKeySource> merged;
    if (old && !old->bytes.empty()) merged.push_back({old->path, old->bytes});
    const std::size_t before = merged.empty() ? 0 : sign::GpgKeyring(merged).keys().size();
    merged.insert(merged.end(), keys.begin(), keys.end());
    const sign::GpgKeyring result(merged);
    import = {result.keys().size() - before, result.updated()};
    return result.export_keys();
  });
  return import;
}

void print_gpg_import(const GpgImport& import, const std::string& remote) {
  fmt::print("Imported {} GPG key{} to remote \"{}\"\n", import.added, import.added == 1 ? "" : "s",
             remote);
  if (import.updated != 0)
    fmt::print("Updated {} GPG key{} of remote \"{}\"\n", import.updated,
               import.updated == 1 ? "" : "s", remote);
}

}  // namespace xylem::cli
