#pragma once

#include <memory>

#include "cli/commit/commit_options.hpp"
#include "tree/commit_request.hpp"

namespace xylem::repo {
class Repo;
}
namespace xylem::selinux {
class Policy;
}

namespace xylem::cli {

/// The policy that the options name: of a root directory, of the base or of the first tree. Null
/// without such an option, and if the system there does not use SELinux. Throws UsageError if the
/// first tree is an archive.
std::shared_ptr<const selinux::Policy> find_selinux_policy(const repo::Repo& repo,
                                                           const CommitOptions& options,
                                                           const tree::CommitRequest& request);

}  // namespace xylem::cli
