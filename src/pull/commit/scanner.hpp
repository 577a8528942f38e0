#pragma once

/// \file
/// Walks the trees of commits, breadth first, and fetches what is missing.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "object/dirtree.hpp"
#include "object/names/object_set.hpp"
#include "pull/commit/subpath.hpp"
#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"
#include "task/dispatcher.hpp"

namespace xylem::pull {

/// Objects that somebody has begun to look after. Thread-safe.
class SeenObjects {
 public:
  /// False if it was there already.
  bool insert(const object::ObjectName& name);

 private:
  std::mutex mutex_;
  object::ObjectSet names_;
};

/// Used from the pull's executor; parsing and looking for objects happens on the pool.
class Scanner {
 public:
  /// `missing_file` is called once for each file that is not here yet. `source` is borrowed.
  Scanner(const PullContext& context, ObjectSource& source, SubpathFilter filter,
          std::function<void(const Checksum&)> missing_file);

  /// `callback` is called whenever all trees that were given so far have been walked.
  void on_idle(std::function<void()> callback) { on_idle_ = std::move(callback); }

  /// Starts with the root directory of a commit. `base` is that of a commit that is here, whole:
  /// what both have at the same place is not looked at. The group's join() waits for the end.
  void scan(const Checksum& root_tree, const Checksum& root_meta,
            const std::optional<Checksum>& base = std::nullopt);
  /// A file that is known to be missing before a walk finds it.
  void want(const Checksum& file);

 private:
  /// A directory to be walked.
  struct Tree {
    Checksum checksum;
    std::string path;  ///< Only kept up while a filter needs it.
    SubpathFilter::Verdict verdict = SubpathFilter::Verdict::All;
    bool missing = false;          ///< Known not to be here: no need to look.
    std::optional<Checksum> base;  ///< The same directory in a commit that is here.
  };
  /// What a walk of one directory found.
  struct Found {
    bool has_peers = false;  ///< Other pulls may have what is missing.
    std::vector<Checksum> files;
    std::vector<Checksum> metas;
    std::vector<Tree> trees;
    /// What other pulls of this repository have in staging.
    std::uint64_t shared_files = 0;
    std::uint64_t shared_metas = 0;
  };

  asio::awaitable<void> walk(Tree tree);
  asio::awaitable<void> fetch_meta(Checksum checksum);
  std::optional<Found> inspect_here(const Tree& tree);
  Found inspect(const Tree& tree, ByteView bytes);
  object::DirTree load_base(const Tree& tree);
  bool is_wanted(const Tree& parent, const object::DirTree::File& file) const;
  void add_dir(const Tree& parent, const object::DirTree::Dir& dir,
               const std::optional<Checksum>& base, Found& found);
  /// Whether it has to be fetched. Counts what another pull has fetched.
  bool is_missing(const object::ObjectName& name, Found& found);
  void queue(Found found);
  void begin(std::size_t objects);
  void end_one();

  PullContext context_;
  ObjectSource& source_;
  SubpathFilter filter_;
  std::function<void(const Checksum&)> missing_file_;
  std::function<void()> on_idle_;
  SeenObjects seen_;
  Dispatcher<Tree> trees_;
  Dispatcher<Checksum> metas_;
  std::size_t outstanding_ = 0;  ///< Of both; only tells the phase.
};

}  // namespace xylem::pull
