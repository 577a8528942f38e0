#include "crash/power_cut.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>
#include <set>

#include "crash/file_data.hpp"

namespace xylem::test {

using Kind = Step::Kind;

namespace {

bool is_data(const Step& step) {
  return step.kind == Kind::Write || step.kind == Kind::Truncate;
}

bool is_sync(const Step& step) {
  return step.kind == Kind::Sync || step.kind == Kind::SyncAll;
}

bool is_metadata(const Step& step) {
  return !is_data(step) && !is_sync(step);
}

/// Steps before which a cut leaves most open: syncs, and the end.
std::vector<std::size_t> widest_cuts(const Recording& recording, std::size_t first) {
  std::vector<std::size_t> cuts;
  for (std::size_t index = first; index < recording.steps.size(); ++index)
    if (is_sync(recording.steps[index])) cuts.push_back(index);
  cuts.push_back(recording.steps.size());
  return cuts;
}

/// Gives the files of a tree all contents that the cut allows.
class DataVariants {
 public:
  DataVariants(FileData& data, const StateVisitor& visit) : data_(data), visit_(visit) {}

  void visit(DiskImage image, std::size_t cut, const std::string& how) {
    const std::vector<Inode> open = data_.unsynced(cut);
    for (const Unsynced fate : all_fates) {
      set(image, data_.written(), cut, fate);
      visit_(image, fmt::format("{}, data {}", how, name(fate)));
      if (open.empty()) return;
      if (fate == Unsynced::Lost || fate == Unsynced::Whole)
        visit_each_other(image, open, cut, fate, how);
    }
  }

 private:
  void visit_each_other(DiskImage& image, const std::vector<Inode>& open, std::size_t cut,
                        Unsynced rest, const std::string& how) {
    if (open.size() < 2) return;
    for (const Inode file : open) {
      for (const Unsynced fate : all_fates) {
        if (fate == rest) continue;
        set(image, {file}, cut, fate);
        visit_(image, fmt::format("{}, data {} but {} of one file", how, name(rest), name(fate)));
      }
      set(image, {file}, cut, rest);
    }
  }

  void set(DiskImage& image, const std::vector<Inode>& files, std::size_t cut, Unsynced fate) {
    for (const Inode file : files)
      if (file < image.nodes.size()) image.nodes[file].content = data_.content(file, cut, fate);
  }

  FileData& data_;
  const StateVisitor& visit_;
};

bool concerns(const Step& step, Inode inode) {
  return step.inode == inode || step.dir == inode || step.from_dir == inode;
}

/// How much of the journal is safe after the first `cut` steps.
std::size_t safe_journal(const Recording& recording, std::size_t cut) {
  std::size_t safe = 0;
  for (std::size_t at = 0; at < cut; ++at) {
    const Step& sync = recording.steps[at];
    if (sync.kind == Kind::SyncAll) safe = at;
    if (sync.kind != Kind::Sync) continue;
    for (std::size_t index = at; index-- > safe;)
      if (concerns(recording.steps[index], sync.inode)) safe = index + 1;
  }
  return safe;
}

/// Which steps happen within tmp/. A directory may leave it.
class TmpDirs {
 public:
  explicit TmpDirs(const Recording& recording) {
    const auto& entries = recording.start.nodes[root_inode].entries;
    if (const auto tmp = entries.find("tmp"); tmp != entries.end())
      add_tree(recording.start, tmp->second);
    for (const Step& step : recording.steps) {
      holds_.push_back((step.dir == no_inode || contains(step.dir)) &&
                       (step.from_dir == no_inode || contains(step.from_dir)));
      if (step.kind == Kind::Create && S_ISDIR(step.attributes.mode) && contains(step.dir))
        inodes_.insert(step.inode);
      if (step.kind == Kind::Rename && !contains(step.dir)) inodes_.erase(step.inode);
    }
  }

  /// Whether nothing of the step with this index can be seen elsewhere.
  bool holds(std::size_t index) const { return holds_[index]; }

 private:
  bool contains(Inode dir) const { return inodes_.contains(dir); }

  void add_tree(const DiskImage& image, Inode dir) {
    inodes_.insert(dir);
    for (const auto& [name, child] : image.nodes[dir].entries)
      if (S_ISDIR(image.nodes[child].attributes.mode)) add_tree(image, child);
  }

  std::set<Inode> inodes_;
  std::vector<bool> holds_;
};

using Subset = std::vector<bool>;

/// Calls with the subsets of `count` things that the header tells of.
void for_each_subset(std::size_t count, const PowerCutOptions& options,
                     const std::function<void(const Subset&)>& call) {
  if (count <= options.exhaustive_bits) {
    for (std::uint64_t bits = 0; bits < 1ULL << count; ++bits) {
      Subset subset(count);
      for (std::size_t index = 0; index < count; ++index) subset[index] = bits >> index & 1;
      call(subset);
    }
    return;
  }
  for (std::size_t size = 0; size <= count; ++size) {
    Subset prefix(count);
    std::fill_n(prefix.begin(), size, true);
    call(prefix);
    prefix.flip();
    call(prefix);
  }
  for (std::size_t first = 0; first < count; ++first) {
    Subset alone(count);
    alone[first] = true;
    call(alone);
    for (std::size_t second = first; second < count; ++second) {
      Subset missing(count, true);
      missing[first] = missing[second] = false;
      call(missing);
    }
  }
  std::mt19937_64 dice(options.seed);
  for (unsigned sample = 0; sample < options.samples; ++sample) {
    Subset random(count);
    for (std::size_t index = 0; index < count; ++index) random[index] = dice() & 1;
    call(random);
  }
}

/// All, none, each one alone, each one missing.
void for_each_edge(std::size_t count, const std::function<void(const Subset&)>& call) {
  call(Subset(count, true));
  call(Subset(count, false));
  for (std::size_t index = 0; index < count; ++index) {
    Subset subset(count, true);
    subset[index] = false;
    call(subset);
    subset.flip();
    call(subset);
  }
}

/// Changes that are made when a cut happens: those that are safe, and those that are not.
struct OpenChanges {
  Subset safe;                      ///< For each step.
  std::vector<std::size_t> inside;  ///< Steps within tmp/, or of attributes of files.
  std::vector<std::size_t> outside;
};

bool is_safe(const Recording& recording, std::size_t index, std::size_t cut) {
  const Step& step = recording.steps[index];
  const Inode keeper = step.kind == Kind::SetAttributes ? step.inode : step.dir;
  for (std::size_t at = index + 1; at < cut; ++at) {
    const Step& sync = recording.steps[at];
    if (sync.kind == Kind::SyncAll) return true;
    if (sync.kind == Kind::Sync && sync.inode == keeper) return true;
  }
  return false;
}

OpenChanges open_changes(const Recording& recording, const TmpDirs& tmp, std::size_t cut) {
  OpenChanges changes{Subset(recording.steps.size()), {}, {}};
  for (std::size_t index = 0; index < cut; ++index) {
    const Step& step = recording.steps[index];
    if (!is_metadata(step)) continue;
    // A file without a name has nothing to lose.
    if (is_safe(recording, index, cut) || (step.kind == Kind::Create && step.dir == no_inode))
      changes.safe[index] = true;
    else
      (tmp.holds(index) ? changes.inside : changes.outside).push_back(index);
  }
  return changes;
}

DiskImage tree_with(const Recording& recording, const Subset& steps) {
  DiskImage image = recording.start;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    Step step = recording.steps[index];
    // Without its first name it may still have its second one.
    if (!steps[index] && step.kind == Kind::Create) step.dir = no_inode;
    if (steps[index] || step.kind == Kind::Create) apply_metadata(image, step);
  }
  return image;
}

void put(Subset& steps, const std::vector<std::size_t>& places, const Subset& subset) {
  for (std::size_t index = 0; index < places.size(); ++index) steps[places[index]] = subset[index];
}

}  // namespace

void for_each_journal_state(const Recording& recording, const PowerCutOptions& options,
                            const StateVisitor& visit) {
  FileData data(recording);
  DataVariants variants(data, visit);
  for (const std::size_t cut : widest_cuts(recording, options.first_step)) {
    for (std::size_t kept = safe_journal(recording, cut); kept <= cut; ++kept) {
      DiskImage image = recording.start;
      for (std::size_t index = 0; index < kept; ++index)
        apply_metadata(image, recording.steps[index]);
      // Data may be ahead of the journal, or not.
      for (const std::size_t written : {cut, std::max(kept, options.first_step)})
        variants.visit(image, written,
                       fmt::format("journal of {} of {} steps, data of {}", kept, cut, written));
    }
  }
}

void for_each_loose_state(const Recording& recording, const PowerCutOptions& options,
                          const StateVisitor& visit) {
  FileData data(recording);
  DataVariants variants(data, visit);
  const TmpDirs tmp(recording);
  for (const std::size_t cut : widest_cuts(recording, options.first_step)) {
    const OpenChanges changes = open_changes(recording, tmp, cut);
    Subset steps = changes.safe;
    const auto visit_steps = [&](const char* what) {
      variants.visit(tree_with(recording, steps), cut, fmt::format("{} of {} steps", what, cut));
    };
    for (const bool inside : {false, true}) {
      put(steps, changes.inside, Subset(changes.inside.size(), inside));
      for_each_subset(changes.outside.size(), options, [&](const Subset& subset) {
        put(steps, changes.outside, subset);
        visit_steps("a subset");
      });
    }
    for (const bool outside : {false, true}) {
      put(steps, changes.outside, Subset(changes.outside.size(), outside));
      for_each_edge(changes.inside.size(), [&](const Subset& subset) {
        put(steps, changes.inside, subset);
        visit_steps("a subset within tmp/");
      });
    }
  }
}

}  // namespace xylem::test
