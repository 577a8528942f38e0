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
                   CheckoutOptions options, UncompressedCache* cache) {
  os::make_dir(destination, 0700);
  const UniqueFd dir = os::open_dir(destination);
  const std::string path = canonical_path(options.subpath);
  const std::string name = path.substr(path.rfind('/') + 1);
  options.subpath = path.substr(0, path.rfind('/') + 1);
  FileCheckout(repo, options, cache).write(dir, name, "/" + name, file.checksum);
}

void check_options(const CheckoutOptions& options) {
  if (options.force_copy && options.require_hardlinks)
    throw Error(ErrorKind::InvalidArgument, "Copies and hard links cannot both be required");
  if (options.labelling && !options.force_copy)
    throw Error(ErrorKind::InvalidArgument, "Labels can be set on copies only");
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
  std::optional<UncompressedCache> cache;
  if (options.uncompressed_cache && options.user_mode && UncompressedCache::is_enabled(repo))
    cache.emplace(repo);
  if (const auto* file = std::get_if<FileNode>(&node))
    checkout_file(repo, *file, target, options, cache ? &*cache : nullptr);
  else
    checkout_tree(repo, std::get<DirNode>(node), target, options, cache ? &*cache : nullptr);
  if (cache) cache->publish();
  if (options.fsync) os::syncfs(os::open_dir(target));
}

}  // namespace xylem::tree
