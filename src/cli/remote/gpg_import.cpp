#include "cli/remote/gpg_import.hpp"

#include "repo/keyrings.hpp"

namespace xylem::cli {

std::vector<sign::GpgKeySource> select_gpg_keys(std::vector<sign::GpgKeySource> sources,
                                                const std::vector<std::string>& ids) {
  for (sign::GpgKeySource& source : sources)
    source.bytes = sign::GpgKeyring({source}).export_keys(ids);
  return sources;
}

std::size_t import_gpg_keys(repo::Repo& repo, const std::string& remote,
                            const std::vector<sign::GpgKeySource>& keys) {
  std::size_t count = 0;
  repo::edit_remote_keyring(repo, remote, [&](const std::optional<repo::Keyring>& old) {
    std::vector<sign::GpgKeySource> merged;
    if (old && !old->bytes.empty()) merged.push_back({old->path, old->bytes});
    const std::size_t before = merged.empty() ? 0 : sign::GpgKeyring(merged).keys().size();
    merged.insert(merged.end(), keys.begin(), keys.end());
    const sign::GpgKeyring result(merged);
    count = result.keys().size() - before;
    return result.export_keys();
  });
  return count;
}

}  // namespace xylem::cli
