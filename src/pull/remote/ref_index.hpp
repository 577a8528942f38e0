#pragma once

/// \file
/// Where a pull looks refs up: in a server's summary or ref files, or in a repository on this
/// machine.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "delta/format/index.hpp"
#include "repo/refs/summary_file.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// A ref as its index has it.
struct FoundRef {
  Checksum commit;
  /// Of the commit object, as the summary says.
  std::optional<std::uint64_t> commit_size;
  /// That the ref belongs to, as the summary says.
  std::optional<std::string> collection_id;
};

/// A static delta that the source has, or may have.
struct DeltaOffer {
  delta::DeltaName name;
  /// Of the superblock as it is stored; nullopt if nobody says.
  std::optional<Checksum> superblock;
  bool operator==(const DeltaOffer&) const = default;
};

/// What an index knows of static deltas.
struct DeltaListing {
  bool is_loaded = false;    ///< There is such an index, and it has been read.
  bool has_indexes = false;  ///< The deltas to each commit are in a file of their own, too.
  std::vector<DeltaOffer> deltas;
};

/// Used from the pull's executor, by one coroutine at a time.
class RefIndex {
 public:
  virtual ~RefIndex() = default;

  /// Throws Error(NotFound) that names the ref and where it was looked for.
  virtual asio::awaitable<FoundRef> find_ref(std::string ref) = 0;
  /// Throws Error(NotFound) if the index cannot list its refs.
  virtual asio::awaitable<std::vector<std::string>> list_refs() = 0;
  /// Without `load`, only as far as nothing has to be fetched for it.
  virtual asio::awaitable<DeltaListing> list_deltas(bool load) = 0;
  /// Raw `summary` and `summary.sig`, for a mirror; nullopt if there are none.
  virtual asio::awaitable<std::optional<repo::SummaryFiles>> summary_files() = 0;
};

}  // namespace xylem::pull
