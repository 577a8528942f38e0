#pragma once

/// \file
/// Room `pull/delta`: static deltas in a pull: found, chosen, fetched and applied. Knows nothing of
/// refs, of how commits are verified.
///
/// The files of deltas at the source of a pull.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>

#include "delta/apply/part_reader.hpp"
#include "delta/format/superblock.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// Used from the pull's executor. nullopt is what the source does not have.
class DeltaFiles {
 public:
  virtual ~DeltaFiles() = default;

  /// Whether the source says that it has an index for each commit.
  virtual asio::awaitable<bool> has_indexes() = 0;
  virtual asio::awaitable<std::optional<Bytes>> fetch_index(Checksum commit) = 0;
  /// As it is stored. Throws Error(Corrupt) unless it has this checksum, where one is known.
  virtual asio::awaitable<std::optional<Bytes>> fetch_superblock(
      delta::DeltaName name, std::optional<Checksum> checksum) = 0;

  /// A part that is not inline, checked and decompressed. Throws Error(NotFound), Error(Corrupt),
  /// and what fetching throws. The part is kept for the next pull until drop_part().
  virtual asio::awaitable<std::unique_ptr<delta::Spool>> fetch_part(
      delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
      const delta::PartOptions& options) = 0;
  /// Stores the file of such a part at `to`, in a directory that is there. Throws as above.
  virtual asio::awaitable<void> copy_part(delta::DeltaName name, std::size_t index,
                                          const delta::PartHeader& header, PathAt to) = 0;
  /// Its objects are made, or never will be.
  virtual void drop_part(const delta::PartHeader&) {}
};

}  // namespace xylem::pull
