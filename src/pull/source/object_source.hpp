#pragma once

/// \file
/// Room `pull/source`: where objects come from: a server, a repository on this machine, caches,
/// other pulls. Knows nothing of commits, trees.
///
/// Sources stand in line: local caches, then other pulls of the same repository, then the server;
/// each holds the next one and asks it for what it does not have itself. A new kind of source (one
/// that unpacks static deltas, a cache that evicts) is one more class of this interface, and one
/// line in source_factory.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "object/names/object_name.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// Used from the pull's executor. `take_*` put objects into the pull's transaction, checked against
/// their names first; `fetch_*` only return bytes.
class ObjectSource {
 public:
  virtual ~ObjectSource() = default;

  /// The bytes of a metadata object, checked against its name if the type has a checksum, unless
  /// the source is trusted; nullopt if the source does not have it. Counts commits, but no detached
  /// metadata. `max_size` is in bytes; 0 is no limit.
  virtual asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                               std::uint64_t max_size) = 0;
  /// Stores a dirtree or dirmeta and returns its bytes. Throws Error(NotFound).
  virtual asio::awaitable<Bytes> take_metadata(object::ObjectName name) = 0;
  /// Stores a file. Throws Error(NotFound).
  virtual asio::awaitable<void> take_content(Checksum checksum) = 0;

  /// Stores a commit of which fetch_metadata() has given the bytes by sharing the source's file.
  /// Returns false if there is none to share: then the bytes are to be written. Thread-safe.
  virtual bool try_share(const object::ObjectName& /*commit*/) { return false; }

  /// What waits in the source fails soon, with Error(Cancelled).
  virtual void stop() {}
};

}  // namespace xylem::pull
