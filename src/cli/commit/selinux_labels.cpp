#include "cli/commit/selinux_labels.hpp"

#include "base/os/os.hpp"
#include "base/os/temporary_directory.hpp"
#include "cli/frame/usage_error.hpp"
#include "repo/refs/refs.hpp"
#include "selinux/policy.hpp"
#include "tree/checkout/checkout.hpp"

namespace xylem::cli {

namespace {

using PolicyPtr = std::shared_ptr<const selinux::Policy>;

PolicyPtr policy_of_directory(const std::string& path) {
  return selinux::Policy::open(os::open_dir({FileDescriptor::cwd(), path}));
}

/// libselinux reads files: those of the policy are checked out for as long as it takes.
PolicyPtr policy_of_commit(const repo::Repo& repo, const Checksum& commit) {
  const TemporaryDirectory root("xylem-policy-");
  os::make_dirs({FileDescriptor::cwd(), root.path() + "/usr/etc"}, 0700);
  tree::CheckoutOptions options;
  options.user_mode = true;
  options.subpath = "/usr/etc/selinux";
  options.allow_noent = true;
  tree::checkout(repo, commit, root.path() + "/usr/etc/selinux", options);
  return policy_of_directory(root.path());
}

}  // namespace

PolicyPtr find_selinux_policy(const repo::Repo& repo, const CommitOptions& options,
                              const tree::CommitRequest& request) {
  if (options.selinux_policy) return policy_of_directory(*options.selinux_policy);
  if (!options.selinux_policy_from_base) return nullptr;
  if (request.base) return policy_of_commit(repo, *request.base);
  const tree::TreeSource& first = request.trees.front();
  switch (first.kind) {
    case tree::TreeSource::Kind::Dir:
      return policy_of_directory(first.value);
    case tree::TreeSource::Kind::Ref:
      return policy_of_commit(repo, repo::resolve_rev(repo, first.value));
    case tree::TreeSource::Kind::Tar:
      throw UsageError("Cannot use --selinux-policy-from-base with tar");
  }
  return nullptr;
}

}  // namespace xylem::cli
