#include "repo/transaction/claims.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <climits>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/os/os_lock.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;

namespace {

/// Chance collisions only cost a wait.
constexpr std::size_t leading_bytes = 7;
/// Behind all objects.
constexpr off_t publishing_offset = off_t{1} << (leading_bytes * CHAR_BIT);
constexpr off_t first_seat_offset = publishing_offset + 1;
/// Behind all of these is where pulls that hold themselves back claim the same things.
constexpr off_t held_back_offset = publishing_offset * 4;
static_assert(first_seat_offset + publishing_offset * seats_per_commit < held_back_offset);

os::LockRange one_byte(off_t offset) {
  return {.start = offset, .size = 1};
}

/// Only those who may write to the repository have to be able to lock here.
mode_t permissions_of(const Repo& repo) {
  return keepers_of(repo.store().dir()).group ? 0660 : 0600;
}

UniqueFd open_claims(const Repo& repo) try {
  make_repo_dirs({repo.dir(), layout::claims_dir});
  const mode_t mode = permissions_of(repo);
  UniqueFd file = os::open({repo.dir(), layout::claims}, O_RDWR | O_CREAT | O_NOFOLLOW, mode);
  if (os::stat(file).st_uid == ::geteuid()) os::ensure_mode(file, mode);
  // Some file systems have no locks.
  os::is_locked(file, os::LockMode::Exclusive, one_byte(0));
  return file;
} catch (const Error& error) {
  log_info("Pulls into this repository cannot share downloads: {}", error.what());
  return {};
}

}  // namespace

Claim& Claim::operator=(Claim&& other) noexcept {
  if (this != &other) {
    release();
    file_ = std::exchange(other.file_, {});
    offset_ = other.offset_;
  }
  return *this;
}

void Claim::release() noexcept {
  if (!file_.valid()) return;
  try {
    os::unlock(file_, one_byte(offset_));
  } catch (const std::exception& error) {
    log_warning("A claim could not be released before the pull ends: {}", error.what());
  }
  file_ = {};
}

off_t claim_offset(const ObjectName& name) {
  off_t offset = 0;
  for (const std::uint8_t byte : name.checksum.bytes().first<leading_bytes>())
    offset = offset << CHAR_BIT | byte;
  return offset;
}

Claims::Claims(const Repo& repo, Pace pace) : file_(open_claims(repo)), pace_(pace) {}

std::optional<Claim> Claims::try_claim(const ObjectName& name) const {
  return try_claim_at(claim_offset(name));
}

std::optional<Claim> Claims::try_claim_seat(const Checksum& commit, int slots) const {
  const off_t first =
      first_seat_offset + claim_offset({commit, object::ObjectType::Commit}) * seats_per_commit;
  for (int slot = 0; slot < slots; ++slot)
    if (auto claim = try_claim_at(first + slot)) return claim;
  return std::nullopt;
}

std::optional<Claim> Claims::try_claim_publishing() const {
  return try_lock_at(publishing_offset);
}

// A claim is a lock on one byte of one file, at an offset made of the object's checksum: it costs
// one system call, needs no clean-up, and the kernel drops it when its owner dies. The file stays
// empty. A pull that holds itself back looks at the common range, but claims in one of its own, so
// that nobody at full pace ever waits for it.
std::optional<Claim> Claims::try_claim_at(off_t offset) const {
  if (pace_ == Pace::Full) return try_lock_at(offset);
  if (is_locked_at(offset)) return std::nullopt;
  return try_lock_at(held_back_offset + offset);
}

/// What is in the way may be a lock of somebody who can only read the file. That claims nothing,
/// and nobody waits for it: the claim is granted, though it cannot be held.
std::optional<Claim> Claims::try_lock_at(off_t offset) const try {
  constexpr int tries = 3;  // its holder may let it go between the two looks
  for (int attempt = 0; file_.valid() && attempt < tries; ++attempt) {
    if (os::try_lock(file_, os::LockMode::Exclusive, one_byte(offset))) return Claim(file_, offset);
    if (is_locked_at(offset)) return std::nullopt;
  }
  return Claim();
} catch (const Error& error) {
  log_info("Continuing without a claim: {}", error.what());
  return Claim();
}

bool Claims::is_claimed(const ObjectName& name) const {
  const off_t offset = claim_offset(name);
  return is_locked_at(offset) ||
         (pace_ == Pace::HeldBack && is_locked_at(held_back_offset + offset));
}

/// Only those who may write can hold what refuses a reader.
bool Claims::is_locked_at(off_t offset) const try {
  return file_.valid() && os::is_locked(file_, os::LockMode::Shared, one_byte(offset));
} catch (const Error&) {
  return false;
}

}  // namespace xylem::repo
