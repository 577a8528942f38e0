#pragma once

/// \file
/// "This object is being fetched by me": byte-range locks in one file of the repository, by which
/// pulls of any thread, process or user share their work. The kernel lets go of a claim when its
/// holder dies. Only an optimisation: where the file cannot be had or locked, every claim is
/// granted, and some objects are fetched twice.
///
/// Pulls that hold themselves back (a limited rate, a limited number of bytes) claim at offsets of
/// their own, and only what nobody else has claimed: they wait for others, but never others for
/// them, but for the turn to publish, which is one for all.

#include <optional>

#include "base/os/fd.hpp"
#include "object/names/object_name.hpp"

namespace xylem::repo {

class Repo;

/// A claim that is held until it is destroyed. Movable; any thread. Must not outlive its Claims.
class Claim {
 public:
  Claim() = default;  ///< Holds nothing: granted where there are no claims.
  Claim(FileDescriptor file, off_t offset) : file_(file), offset_(offset) {}
  Claim(Claim&& other) noexcept : file_(std::exchange(other.file_, {})), offset_(other.offset_) {}
  Claim& operator=(Claim&& other) noexcept;
  ~Claim() { release(); }

  void release() noexcept;

 private:
  FileDescriptor file_;
  off_t offset_ = 0;
};

/// How fast a pull means to be.
enum class Pace { Full, HeldBack };

/// The claims of one pull: two of them exclude each other, within a process too. Thread-safe.
class Claims {
 public:
  explicit Claims(const Repo& repo, Pace pace = Pace::Full);

  /// Never waits; nullopt if a pull that this one has to wait for holds it.
  std::optional<Claim> try_claim(const object::ObjectName& name) const;
  /// Whether such a pull holds it now.
  bool is_claimed(const object::ObjectName& name) const;
  /// One of the first `slots` (up to `seats_per_commit`) for pulls that work on the same commit;
  /// nullopt if others have them.
  std::optional<Claim> try_claim_seat(const Checksum& commit, int slots) const;
  /// The turn to publish what others have staged, too; nullopt if another pull has it.
  std::optional<Claim> try_claim_publishing() const;

 private:
  std::optional<Claim> try_claim_at(off_t offset) const;
  std::optional<Claim> try_lock_at(off_t offset) const;
  bool is_locked_at(off_t offset) const;

  UniqueFd file_;
  Pace pace_;
};

/// Pulls that may work on one commit at once.
constexpr int seats_per_commit = 2;

/// Where in the file the claim on an object lies: the leading bits of its checksum. Pure.
off_t claim_offset(const object::ObjectName& name);

}  // namespace xylem::repo
