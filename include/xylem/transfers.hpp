#pragma once

/// \file
/// What is being downloaded into a repository, by any process, or was left there half done.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xylem {

/// A pull, one large download of it, or an object that a program adds under a name.
struct Transfer {
  enum class Kind { Pull, Object, Ingest };
  enum class State {
    Active,  ///< Its owner is at work.
    Paused,  ///< Its owner lives, but has not got on for half a minute: stopped, or a dead link.
    Stale,   ///< Its owner is gone; the next pull goes on with it.
  };
  std::string name;  ///< Unique in the repository: what abort_transfer() takes.
  Kind kind = Kind::Pull;
  State state = State::Stale;
  std::string remote;                  ///< Of a pull; empty if unknown.
  std::vector<std::string> refs;       ///< Of a pull, as asked for; empty means all.
  std::int64_t pid = 0;                ///< The owner's; 0 if it is gone or unknown.
  std::uint64_t bytes = 0;             ///< So far.
  std::optional<std::uint64_t> total;  ///< Of what is no pull, if it is known.
  std::int64_t started = 0;            ///< Seconds since the epoch; 0 if unknown.
  std::int64_t updated = 0;
};

/// Stable lower-case names: "pull", "object", "ingest"; "active", "paused", "stale".
const char* name(Transfer::Kind kind) noexcept;
const char* name(Transfer::State state) noexcept;

}  // namespace xylem
