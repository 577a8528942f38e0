#include "pull/commit/scanner.hpp"

#include "base/log.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;
using Verdict = SubpathFilter::Verdict;

namespace {

/// Directories that are walked at once. Wide enough to hide the round trips of a slow link.
constexpr std::size_t width = 256;

}  // namespace

bool SeenObjects::insert(const ObjectName& name) {
  const std::lock_guard lock(mutex_);
  return names_.insert(name);
}

Scanner::Scanner(const PullContext& context, ObjectSource& source, SubpathFilter filter,
                 std::function<void(const Checksum&)> missing_file)
    : context_(context),
      source_(source),
      filter_(std::move(filter)),
      missing_file_(std::move(missing_file)),
      trees_(context_.group, width, [this](Tree tree) { return walk(std::move(tree)); }),
      metas_(context_.group, width, [this](Checksum meta) { return fetch_meta(meta); }) {}

void Scanner::scan(const Checksum& root_tree, const Checksum& root_meta,
                   const std::optional<Checksum>& base) {
  Tree above;
  above.verdict = Verdict::Descend;
  Found found{.has_peers = context_.transaction.has_peers()};
  add_dir(above, {"", root_tree, root_meta}, base, found);
  queue(std::move(found));
}

void Scanner::want(const Checksum& file) {
  if (!seen_.insert({file, ObjectType::File})) return;
  ++context_.counters.content_requested;
  missing_file_(file);
}

// One directory: read here if it is here, else fetched, which stages it. Its entries are looked at
// on the pool, as each costs system calls. Only then are its missing files and directories queued,
// all at once, so that requests leave in one batch. The walk ends when the last queued object has
// ended; order among directories does not matter, as a commit becomes visible after all of them.
asio::awaitable<void> Scanner::walk(Tree tree) {
  std::optional<Found> found;
  if (!tree.missing) found = co_await offload(context_.pool, [&] { return inspect_here(tree); });
  if (!found) {
    const Bytes bytes = co_await source_.take_metadata({tree.checksum, ObjectType::DirTree});
    found = co_await offload(context_.pool, [&] { return inspect(tree, bytes); });
  }
  ++context_.counters.metadata_scanned;
  queue(std::move(*found));
  end_one();
}

asio::awaitable<void> Scanner::fetch_meta(Checksum checksum) {
  co_await source_.take_metadata({checksum, ObjectType::DirMeta});
  end_one();
}

/// nullopt if it is not here.
std::optional<Scanner::Found> Scanner::inspect_here(const Tree& tree) {
  const auto bytes = context_.transaction.try_load_metadata({tree.checksum, ObjectType::DirTree});
  return bytes ? std::optional(inspect(tree, *bytes)) : std::nullopt;
}

// Each entry passes from the cheapest question to the dearest: is it the same as in the base, which
// is complete here; does the filter want it; has this pull asked for it before; is it in the
// repository; does another pull have it in staging. What is left has to be fetched.
/// What the base has at the same place is here, and with a directory all that is below it.
Scanner::Found Scanner::inspect(const Tree& tree, ByteView bytes) {
  const object::DirTree parsed = object::parse_dirtree(bytes);
  const object::DirTree base = load_base(tree);
  Found found{.has_peers = context_.transaction.has_peers()};
  for (const auto& file : parsed.files) {
    const auto* old = object::find_entry(base.files, file.name);
    if ((old != nullptr && *old == file) || !is_wanted(tree, file)) continue;
    const ObjectName name{file.checksum, ObjectType::File};
    if (seen_.insert(name) && is_missing(name, found)) found.files.push_back(file.checksum);
  }
  for (const auto& dir : parsed.dirs) {
    const auto* old = object::find_entry(base.dirs, dir.name);
    if (old != nullptr && *old == dir) continue;
    add_dir(tree, dir, old != nullptr ? std::optional(old->tree) : std::nullopt, found);
  }
  return found;
}

/// Empty if there is none, or it cannot be read: then all is looked at.
object::DirTree Scanner::load_base(const Tree& tree) try {
  if (!tree.base) return {};
  const auto bytes = context_.transaction.try_load_metadata({*tree.base, ObjectType::DirTree});
  return bytes ? object::parse_dirtree(*bytes) : object::DirTree{};
} catch (const Error& error) {
  log_debug("A directory of the previous commit cannot be compared with: {}", error.what());
  return {};
}

bool Scanner::is_wanted(const Tree& parent, const object::DirTree::File& file) const {
  return parent.verdict == Verdict::All || filter_.file(child_path(parent.path, file.name));
}

void Scanner::add_dir(const Tree& parent, const object::DirTree::Dir& dir,
                      const std::optional<Checksum>& base, Found& found) {
  Tree tree{.checksum = dir.tree, .base = base};
  if (parent.verdict != Verdict::All) {
    tree.path = child_path(parent.path, dir.name);
    tree.verdict = filter_.directory(tree.path);
  }
  if (tree.verdict == Verdict::Skip) return;
  const ObjectName dirmeta{dir.meta, ObjectType::DirMeta};
  if (seen_.insert(dirmeta) && is_missing(dirmeta, found)) found.metas.push_back(dir.meta);
  const ObjectName dirtree{dir.tree, ObjectType::DirTree};
  // The same directory may stand at several paths, of which a filter wants different parts.
  if (tree.verdict == Verdict::All && !seen_.insert(dirtree)) return;
  tree.missing = is_missing(dirtree, found);
  found.trees.push_back(std::move(tree));
}

bool Scanner::is_missing(const ObjectName& name, Found& found) {
  repo::Transaction& transaction = context_.transaction;
  if (transaction.has(name)) return false;
  if (!found.has_peers || !transaction.take_from_peers(name)) return true;
  ++(name.type == ObjectType::File ? found.shared_files : found.shared_metas);
  return false;
}

void Scanner::queue(Found found) {
  Counters& counters = context_.counters;
  counters.content_requested += found.files.size() + found.shared_files;
  counters.content_imported += found.shared_files;
  counters.metadata_requested += found.metas.size() + found.shared_metas;
  counters.metadata_imported += found.shared_metas;
  begin(found.metas.size() + found.trees.size());
  for (const Checksum& file : found.files) missing_file_(file);
  for (const Checksum& meta : found.metas) metas_.push(meta);
  for (Tree& tree : found.trees) {
    counters.metadata_requested += tree.missing ? 1 : 0;
    trees_.push(std::move(tree));
  }
}

void Scanner::begin(std::size_t objects) {
  outstanding_ += objects;
  context_.counters.phase = PullProgress::Phase::Scanning;
}

void Scanner::end_one() {
  if (--outstanding_ != 0) return;
  context_.counters.phase = PullProgress::Phase::Fetching;
  if (on_idle_) on_idle_();
}

}  // namespace xylem::pull
