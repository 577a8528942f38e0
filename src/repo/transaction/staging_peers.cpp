#include "repo/transaction/staging_peers.hpp"

#include <dirent.h>

#include <algorithm>
#include <ctime>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_lock.hpp"
#include "repo/disk/layout.hpp"
#include "repo/locks/tmp_rules.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/staging/staging_area.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;

namespace {

bool same_time(const struct timespec& a, const struct timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/// The time of a change, if a further change would have another time for sure: clocks of file
/// systems tick slowly.
struct timespec settled_change(FileDescriptor dir) {
  constexpr std::int64_t tick_ns = 50'000'000;
  const struct timespec change = os::stat(dir).st_mtim;
  struct timespec now {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const std::int64_t age =
      (now.tv_sec - change.tv_sec) * std::int64_t{1'000'000'000} + (now.tv_nsec - change.tv_nsec);
  return age > tick_ns ? change : timespec{};
}

}  // namespace

/// One directory. Thread-safe.
class StagingPeers::Peer {
 public:
  Peer(const Repo& repo, std::string name, UniqueFd dir)
      : name_(std::move(name)),
        dir_(std::move(dir)),
        store_(dir_, repo.mode(), repo.config().disable_xattrs) {}

  const std::string& name() const { return name_; }
  const LooseStore& store() const { return store_; }

  /// Keeps everybody else from using it or cleaning it up; false if somebody uses it.
  bool lock(FileDescriptor tmp) {
    lock_ = TmpDirLock::try_acquire({tmp, name_});
    return lock_.held();
  }

  void remove(FileDescriptor tmp) {
    remove_tree({tmp, name_});
    lock_ = {};
  }

  /// Stages what is good and may be published without its commit.
  void give_all(Ingest& ingest) const {
    std::vector<ObjectName> names;
    store_.for_each([&](const ObjectName& name) {
      if (is_useful_alone(name.type)) names.push_back(name);
    });
    for (const ObjectName& name : names) give(ingest, name);
  }

  bool is_locked_by_us() const { return lock_.held(); }

  /// libostree makes a directory first and locks it then: it may be about to.
  bool may_be_newborn() const {
    constexpr std::time_t age = 10;
    return list_directory(dir_).empty() && os::stat(dir_).st_mtim.tv_sec + age > std::time(nullptr);
  }

  /// Whether a living user vouches for all that is in it.
  bool is_checked() {
    const std::lock_guard lock(mutex_);
    if (!mark_.valid()) mark_ = os::try_open({dir_, layout::checked_mark}, O_RDONLY | O_NOFOLLOW);
    return mark_.valid() && os::is_locked(mark_, os::LockMode::Shared);
  }

  std::optional<Stored> take(Ingest& ingest, const ObjectName& name) {
    const bool checked = is_checked();
    auto stored = ingest.add_from(store_, name, checked ? Trust::Vouched : Trust::Verify);
    // Its user may have died, and another one put an unchecked object in its place.
    if (stored && stored->added && checked && !is_checked() && !ingest.area().is_still_good(name))
      return std::nullopt;
    return stored;
  }

 private:
  void give(Ingest& ingest, const ObjectName& name) const try {
    ingest.add_from(store_, name, Trust::Verify);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    log_info("Not taken from {}: {}", name_, error.what());
  }

  std::string name_;
  UniqueFd dir_;
  LooseStore store_;
  TmpDirLock lock_;
  std::mutex mutex_;  ///< Protects the next.
  UniqueFd mark_;
};

// At the start, what an earlier boot left is locked and kept as a source: nobody can be using it,
// and it goes when this transaction ends. Directories of this boot are looked at later, whenever
// the time of tmp/ shows that some came or went. Looking costs one stat() for each question, and a
// listing only after a change.
StagingPeers::StagingPeers(const Repo& repo)
    : repo_(repo), peers_(std::make_shared<const Peers>()) {
  const TmpRules rules{layout::staging_prefix(), std::time(nullptr), repo.config().tmp_expiry};
  look(rules.own_staging_prefix);
  auto kept = std::make_shared<Peers>();
  for (const auto& peer : *peers_) {
    const auto info = os::try_stat({repo_.tmp(), peer->name()});
    const bool outlived = !info || rules.is_expired(info->st_mtime);
    if (!outlived && peer->lock(repo_.tmp())) kept->push_back(peer);
  }
  peers_ = std::move(kept);
  seen_change_ = {};  // those of this boot have not been looked at
}

StagingPeers::~StagingPeers() = default;

void StagingPeers::exclude(std::string own_name) {
  own_name_ = std::move(own_name);
}

bool StagingPeers::any() {
  const auto peers = current();
  const std::lock_guard lock(mutex_);
  ever_any_ = ever_any_ || !peers->empty();
  return ever_any_;
}

StagingPeers::Peers StagingPeers::holders_of(const ObjectName& name) {
  const auto peers = current();
  Peers holders;
  for (const auto& peer : *peers)
    if (peer->store().has(name)) holders.push_back(peer);
  return holders;
}

bool StagingPeers::vouch(const Peers& holders) {
  return std::ranges::any_of(holders, [](const auto& peer) { return peer->is_checked(); });
}

std::optional<Stored> StagingPeers::take(Ingest& ingest, const ObjectName& name,
                                         const Peers& holders) {
  for (const auto& peer : holders) {
    try {
      if (auto stored = peer->take(ingest, name)) return stored;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Corrupt) throw;
      log_info("Cannot take an object from {}: {}", peer->name(), error.what());
    }
  }
  return std::nullopt;
}

void StagingPeers::take_left_overs(Ingest& ingest) {
  const auto peers = current();
  for (const auto& peer : *peers) {
    try {
      const bool ours =
          peer->is_locked_by_us() || (!peer->may_be_newborn() && peer->lock(repo_.tmp()));
      if (ours) peer->give_all(ingest);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled) throw;
      log_warning("tmp/{} stays: {}", peer->name(), error.what());
    }
  }
}

void StagingPeers::remove_left_overs() {
  const auto peers = current();
  for (const auto& peer : *peers)
    if (peer->is_locked_by_us()) peer->remove(repo_.tmp());
}

std::shared_ptr<const StagingPeers::Peers> StagingPeers::current() {
  const std::lock_guard lock(mutex_);
  if (!same_time(os::stat(repo_.tmp()).st_mtim, seen_change_)) look("");
  return peers_;
}

void StagingPeers::look(std::string_view prefix_to_skip) {
  // Before the look: what comes while we look is seen next time.
  seen_change_ = settled_change(repo_.tmp());
  auto found = std::make_shared<Peers>();
  for (const DirEntry& entry : list_directory(repo_.tmp())) {
    if (entry.type != DT_DIR || !is_wanted(entry.name, prefix_to_skip)) continue;
    if (auto peer = known(entry.name)) {
      found->push_back(std::move(peer));
      continue;
    }
    UniqueFd dir = try_look_into({repo_.tmp(), entry.name});
    if (dir.valid() && is_ours(dir))
      found->push_back(std::make_shared<Peer>(repo_, entry.name, std::move(dir)));
  }
  peers_ = std::move(found);
}

bool StagingPeers::is_wanted(const std::string& name, std::string_view prefix_to_skip) const {
  return name.starts_with(layout::any_staging_prefix) && name != own_name_ &&
         !(!prefix_to_skip.empty() && name.starts_with(prefix_to_skip));
}

std::shared_ptr<StagingPeers::Peer> StagingPeers::known(const std::string& name) const {
  for (const auto& peer : *peers_)
    if (peer->name() == name) return peer;
  return nullptr;
}

}  // namespace xylem::repo
