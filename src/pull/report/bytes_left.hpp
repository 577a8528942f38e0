#pragma once

/// \file
/// How many bytes a pull still has to fetch, as far as that can be told.

#include <cstdint>
#include <optional>

namespace xylem::pull {

/// The state of a pull whose metadata is complete.
struct ContentState {
  std::uint64_t files_left = 0;     ///< Neither fetched nor imported yet.
  std::uint64_t files_fetched = 0;  ///< From the network.
  std::uint64_t bytes_fetched = 0;  ///< Of these files, as they were sent.
  /// Bytes of the files that are left, if the commits tell (`ostree.sizes`).
  std::optional<std::uint64_t> known_bytes_left;
  std::uint64_t open_bodies = 0;    ///< On their way.
  std::uint64_t bytes_arrived = 0;  ///< Of these bodies.
  std::uint64_t bytes_awaited = 0;  ///< Of these bodies, as their servers announced.
};

struct BytesLeft {
  std::uint64_t bytes = 0;
  bool estimated = false;  ///< Some files counted as the mean of those before.
};

/// What is known comes first: sizes in commits, then lengths of open bodies, then the mean of the
/// files so far. nullopt if there is nothing to go by. Pure.
std::optional<BytesLeft> bytes_left(const ContentState& state);
/// While parts of static deltas are fetched. Objects come after them, if at all. Pure.
std::optional<BytesLeft> bytes_left_of_deltas(std::uint64_t parts, std::uint64_t bytes_arrived);

}  // namespace xylem::pull
