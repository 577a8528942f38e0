#include "cli/remote/gpg_import.hpp"

#include <fmt/format.h>

#include "repo/keyrings.hpp"
#include "sign/gpg_keyring.hpp"

namespace xylem::cli {

GpgImport import_gpg_keys(repo::Repo& repo, const std::string& remote, const std::string& source,
                          Bytes keys, const std::vector<std::string>& ids) {
  const sign::GpgKeyring all({{source, std::move(keys)}});
  const sign::GpgKeySource chosen{source, all.export_keys(ids)};
  std::vector<sign::GpgKeySource> merged;
  if (auto old = repo::find_remote_keyring(repo, remote))
    if (!old->bytes.empty()) merged.push_back({std::move(old->path), std::move(old->bytes)});
  const std::size_t before = merged.empty() ? 0 : sign::GpgKeyring(merged).keys().size();
  merged.push_back(chosen);
  const sign::GpgKeyring result(merged);
  repo::write_remote_keyring(repo, remote, result.export_keys());
  return {result.keys().size() - before, result.updated()};
}

void print_gpg_import(const GpgImport& import, const std::string& remote) {
  if (import.added != 0 || import.updated == 0)
    fmt::print("Imported {} GPG key{} to remote \"{}\"\n", import.added,
               import.added == 1 ? "" : "s", remote);
  if (import.updated != 0)
    fmt::print("Updated {} GPG key{} of remote \"{}\"\n", import.updated,
               import.updated == 1 ? "" : "s", remote);
}

}  // namespace xylem::cli
