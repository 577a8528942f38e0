#pragma once

/// \file
/// Room `pull/source`: where objects come from: a server, a repository on this machine, caches,
/// other pulls. Knows nothing of commits, trees.
///
/// Where a pull gets refs and objects from: a server, or a repository on this machine.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "object/object_name.hpp"
#include "pull/remote/found_ref.hpp"
#include "repo/refs/summary_file.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// Used from the pull's executor. `take_*` put objects into the pull's transaction, checked against
/// their names first; `fetch_*` only return bytes.
class Source {
 public:
  virtual ~Source() = default;

  /// Throws Error(NotFound) that names the ref and where it was looked for.
  virtual asio::awaitable<FoundRef> find_ref(std::string ref) = 0;
  /// Throws Error(NotFound) if the source cannot list its refs.
  virtual asio::awaitable<std::vector<std::string>> list_refs() = 0;

  /// The bytes of a metadata object, checked against its name if the type has a checksum; nullopt
  /// if the source does not have it. Counts commits, but no detached metadata. `max_size` is in
  /// bytes; 0 is no limit.
  virtual asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                               std::uint64_t max_size) = 0;
  /// Stores a dirtree or dirmeta and returns its bytes. Throws Error(NotFound).
  virtual asio::awaitable<Bytes> take_metadata(object::ObjectName name) = 0;
  /// Stores a file. Throws Error(NotFound).
  virtual asio::awaitable<void> take_content(Checksum checksum) = 0;

  /// Raw `summary` and `summary.sig` of the source, for a mirror; nullopt if it has none.
  using SummaryFiles = repo::SummaryFiles;
  virtual asio::awaitable<std::optional<SummaryFiles>> summary_files() = 0;

  /// What waits in the source fails soon, with Error(Cancelled).
  virtual void stop() {}
};

}  // namespace xylem::pull
