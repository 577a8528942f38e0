#pragma once

/// \file
/// What `ostree show` tells about GPG signatures.

#include <optional>
#include <string>

#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"
#include "sign/gpg/gpg_verifier.hpp"

namespace xylem::cli {

/// Whose keys to check signatures with: of a remote, or of all remotes and this directory.
struct GpgKeyOptions {
  std::optional<std::string> homedir;
  std::optional<std::string> remote;
};

sign::GpgVerifier make_gpg_verifier(const repo::Repo& repo, const GpgKeyOptions& options);

/// "Found 1 signature:" and so on; empty if the commit has none.
std::string signatures_text(const repo::Repo& repo, const Checksum& commit,
                            const GpgKeyOptions& options);

/// What GPG finds about the summary of a remote whose summaries must be signed by GPG; empty for
/// others.
std::string summary_signatures_text(const repo::Repo& repo, const repo::Remote& remote,
                                    const repo::SummaryFiles& files);

}  // namespace xylem::cli
