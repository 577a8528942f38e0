#include "tree/checkout/checkout.hpp"

#include <cerrno>

#include "base/os/os.hpp"
#include "tree/checkout/checkout_tree.hpp"
#include "tree/walk.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

/// A subpath that is a file: it goes into the directory under its own name.
void checkout_file(const repo::Repo& repo, const FileNode& file, const PathAt& destination,
                   const CheckoutOptions& options) {
  os::make_dir(destination, 0700);
  const UniqueFd dir = os::open_dir(destination);
  const std::string path = canonical_path(options.subpath);
  FileCheckout(repo, options).write(dir, path.substr(path.rfind('/') + 1), file.checksum);
}

void check_options(const CheckoutOptions& options) {
  if (options.force_copy && options.require_hardlinks)
    throw Error(ErrorKind::InvalidArgument, "Copies and hard links cannot both be required");
}

}  // namespace

void checkout(const repo::Repo& repo, const Checksum& commit, const std::string& destination,
              const CheckoutOptions& wanted) {
  check_options(wanted);
  CheckoutOptions options = wanted;
  // Such a repository keeps neither owners nor attributes.
  if (repo.mode() == repo::Mode::BareUserOnly) options.user_mode = true;

  if (options.allow_noent && !find_path(repo, commit, options.subpath)) return;
  const Node node = require_path(repo, commit, options.subpath);
  const PathAt target{FileDescriptor::cwd(), destination};
  if (const auto* file = std::get_if<FileNode>(&node))
    checkout_file(repo, *file, target, options);
  else
    checkout_tree(repo, std::get<DirNode>(node), target, options);
  if (options.fsync) os::syncfs(os::open_dir(target));
}

}  // namespace xylem::tree
