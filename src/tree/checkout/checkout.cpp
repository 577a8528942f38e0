#include "tree/checkout/checkout.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <vector>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "repo/refs/require_whole.hpp"
#include "tree/checkout/checkout_tree.hpp"
#include "tree/checkout/destination.hpp"
#include "tree/walk.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

/// What is to be written, found before anything is.
struct Wanted {
  Node node;
  std::string subpath;
  Checksum commit;
};

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

bool is_root(const std::string& subpath) {
  return canonical_path(subpath) == "/";
}

/// A commit of which a subpath was pulled is partial; that subpath may be checked out.
void require_enough(const repo::Repo& repo, const Checksum& commit, const std::string& subpath,
                    const Node& node) {
  const auto* dir = std::get_if<DirNode>(&node);
  if (is_root(subpath))
    repo::require_whole(repo, commit);
  else if (dir != nullptr)
    repo::require_whole_below(repo, commit, dir->tree, dir->meta);
}

/// nullopt for a subpath that does not exist and need not.
std::optional<Wanted> look_up(const repo::Repo& repo, const CheckoutPart& part,
                              const CheckoutOptions& options) {
  if (is_root(part.subpath) && !options.allow_partial) repo::require_whole(repo, part.commit);
  if (options.allow_noent && !find_path(repo, part.commit, part.subpath)) return std::nullopt;
  Wanted wanted{require_path(repo, part.commit, part.subpath), part.subpath, part.commit};
  if (!options.allow_partial) require_enough(repo, part.commit, part.subpath, wanted.node);
  return wanted;
}

void write(const repo::Repo& repo, const Wanted& wanted, const PathAt& target,
           CheckoutOptions options, UncompressedCache* cache) {
  options.subpath = wanted.subpath;
  if (const auto* file = std::get_if<FileNode>(&wanted.node))
    return checkout_file(repo, *file, target, options, cache);
  const std::uint64_t missing =
      checkout_tree(repo, std::get<DirNode>(wanted.node), target, options, cache);
  if (missing > 0)
    log_warning("Commit {} is partial: {} files and directories are missing from the checkout",
                wanted.commit.hex(), missing);
}

/// Calls `action` for each; an error names the commit if there are several.
template <typename Item, typename Action>
void for_each_tree(std::span<const Item> items, Action action) {
  for (const Item& item : items) {
    try {
      action(item);
    } catch (Error& error) {
      throw items.size() == 1 ? error
                              : error.prefix(fmt::format("Processing tree {}", item.commit.hex()));
    }
  }
}

/// False if the destination came into being meanwhile, and has not been written to.
bool try_write(const repo::Repo& repo, const std::vector<Wanted>& trees, const std::string& path,
               const CheckoutOptions& options) {
  Destination destination(path);
  std::optional<UncompressedCache> cache;
  if (options.uncompressed_cache && options.user_mode && UncompressedCache::is_enabled(repo))
    cache.emplace(repo);
  for_each_tree(std::span<const Wanted>(trees), [&](const Wanted& wanted) {
    write(repo, wanted, destination.path(), options, cache ? &*cache : nullptr);
  });
  if (cache) cache->publish();
  const bool exists = os::exists(destination.path());
  // Before it gets its name, so that after a crash there is no half tree under it either.
  if (options.fsync && exists) os::syncfs(os::open_dir(destination.path()));
  const bool published = destination.publish();
  if (options.fsync && exists && published) os::syncfs(os::open_dir(destination.path()));
  return published;
}

}  // namespace

void checkout(const repo::Repo& repo, const Checksum& commit, const std::string& destination,
              const CheckoutOptions& options) {
  const CheckoutPart part{commit, options.subpath};
  checkout(repo, std::span(&part, 1), destination, options);
}

void checkout(const repo::Repo& repo, std::span<const CheckoutPart> parts,
              const std::string& destination, const CheckoutOptions& given) {
  check_options(given);
  CheckoutOptions options = given;
  // Such a repository keeps neither owners nor attributes.
  if (repo.mode() == repo::Mode::BareUserOnly) options.user_mode = true;

  std::vector<Wanted> trees;
  for_each_tree(parts, [&](const CheckoutPart& part) {
    if (auto wanted = look_up(repo, part, options)) trees.push_back(std::move(*wanted));
  });
  if (trees.empty() || try_write(repo, trees, destination, options)) return;
  // Somebody else has made it: now it is there, and to be laid over if that is wanted.
  if (options.overwrite == Overwrite::None) os::fail(EEXIST, "Creating directory", destination);
  try_write(repo, trees, destination, options);
}

}  // namespace xylem::tree
