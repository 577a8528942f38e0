#include "repo/refs/change_refs.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/locks/patience.hpp"
#include "repo/refs/ref_journal.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

void require_not_a_checksum(const std::string& ref) {
  if (Checksum::from_hex(ref))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Ref name '{}' looks like a checksum", ref));
}

/// The way from a ref up to its base directory.
std::string way_up(std::string_view ref) {
  std::string way;
  for (const char c : ref)
    if (c == '/') way += "../";
  return way;
}

std::string link_to(const Repo& repo, const RefPlace& alias, const std::string& target) {
  const RefPlace existing = place_of(repo, object::RefSpec{std::nullopt, target});
  if (alias.ref == target)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Ref {} cannot be its own alias", alias.ref));
  if (const std::string now = ref_text(repo.dir(), existing); now == "-" || now == "?")
    throw Error(ErrorKind::NotFound,
                fmt::format("Cannot create alias to non-existent ref: {}", target));
  return "@" + way_up(alias.ref) + target;
}

std::string text_of(const Repo& repo, const RefPlace& place, const RefValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return "-";
  require_not_a_checksum(place.ref);
  if (const auto* commit = std::get_if<Checksum>(&value)) return commit->hex();
  return link_to(repo, place, std::get<AliasOf>(value).ref);
}

std::optional<Checksum> current_commit(const Repo& repo, const AnyRef& ref) {
  return std::visit([&](const auto& name) { return find_ref(repo, name); }, ref);
}

/// After all checks; without those that change nothing. What makes room comes first.
std::vector<JournalEntry> entries_for(const Repo& repo, const std::vector<RefChange>& changes) {
  std::vector<JournalEntry> entries;
  for (const RefChange& change : changes) {
    JournalEntry entry{.place = place_of(repo, change.ref), .before = {}, .after = {}};
    entry.after = text_of(repo, entry.place, change.value);
    if (change.check) change.check(current_commit(repo, change.ref));
    entry.before = ref_text(repo.dir(), entry.place);
    if (entry.before != entry.after) entries.push_back(std::move(entry));
  }
  std::ranges::stable_partition(entries,
                                [](const JournalEntry& entry) { return entry.after == "-"; });
  return entries;
}

/// On a full disk refs must go all the same: that is how it gets empty.
void delete_without_journal(FileDescriptor repo, const std::vector<JournalEntry>& entries,
                            bool fsync) {
  for (const JournalEntry& entry : entries) delete_ref(repo, entry.place, fsync);
}

void write(const Repo& repo, const std::vector<JournalEntry>& entries, bool fsync) try {
  if (entries.size() == 1)
    put_ref_text(repo.dir(), entries.front().place, entries.front().after, fsync);
  else
    write_with_journal(repo.dir(), entries, fsync);
} catch (const Error& error) {
  const bool only_deletes =
      std::ranges::all_of(entries, [](const JournalEntry& entry) { return entry.after == "-"; });
  if (error.kind() != ErrorKind::NoSpace || !only_deletes) throw;
  log_warning("There is no room for a journal: the refs are deleted one by one");
  delete_without_journal(repo.dir(), entries, fsync);
}

/// Of somebody who is at work; false after a long time.
bool wait_for_others(const Repo& repo) {
  Patience patience(repo.config().lock_timeout, {});
  while (has_journal(repo.dir())) {
    settle_refs_if_left(repo);
    if (has_journal(repo.dir()) && !patience.pause()) return false;
  }
  return true;
}

}  // namespace

RefEditor::RefEditor(Repo& repo, const CancelToken& cancel)
    : repo_(repo),
      beside_(repo.lock(os::LockMode::Shared, cancel)),
      lock_(repo.edit_lock(Edited::Refs, os::LockMode::Exclusive, cancel)) {
  recover_journal(repo);
}

RefEditor::RefEditor(Repo& repo, const RepoLock& /*held*/, const CancelToken& cancel)
    : repo_(repo), lock_(repo.edit_lock(Edited::Refs, os::LockMode::Exclusive, cancel)) {
  recover_journal(repo);
}

void RefEditor::apply(const std::vector<RefChange>& changes, bool fsync) {
  const std::vector<JournalEntry> entries = entries_for(repo_, changes);
  if (!entries.empty()) write(repo_, entries, fsync);
  repo_.bump_mtime();
}

std::optional<std::string> last_change(const Repo& repo, const AnyRef& ref) {
  const auto info = os::try_stat({repo.dir(), place_of(repo, ref).path()});
  if (!info) return std::nullopt;
  return fmt::format("user {} at {:%Y-%m-%d %H:%M:%S} UTC", info->st_uid,
                     fmt::gmtime(info->st_mtim.tv_sec));
}

void settle_refs(const Repo& repo) {
  if (!has_journal(repo.dir()) || !repo.writable()) return;
  if (!wait_for_others(repo))
    log_warning("Refs are being changed by another process: what is listed may be half of it");
}

void settle_refs_if_left(const Repo& repo) {
  if (!has_journal(repo.dir()) || !repo.writable()) return;
  const UniqueFd refs = os::open_dir({repo.dir(), layout::refs});
  if (!os::try_lock_dir(refs)) return;
  recover_journal(repo);
  os::unlock_dir(refs);
}

namespace {

/// A journal comes into being, and goes, in this directory.
std::optional<struct timespec> time_of_refs(const Repo& repo) {
  const auto info = os::try_stat({repo.dir(), layout::refs});
  return info ? std::make_optional(info->st_mtim) : std::nullopt;
}

}  // namespace

RefsGuard::RefsGuard(const Repo& repo) : repo_(repo) {
  settle_refs(repo);
  seen_ = time_of_refs(repo);
}

bool RefsGuard::changed() const {
  const auto now = time_of_refs(repo_);
  if (!now || !seen_) return now.has_value() != seen_.has_value();
  return has_journal(repo_.dir()) || now->tv_sec != seen_->tv_sec || now->tv_nsec != seen_->tv_nsec;
}

}  // namespace xylem::repo
