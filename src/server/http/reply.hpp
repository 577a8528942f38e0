#pragma once

/// \file
/// Room `server/http`: requests taken apart and replies put together: paths, ranges,
/// preconditions. Knows nothing of connections, faults, OSTree.
///
/// A response before it is sent.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/os/fd.hpp"
#include "server/http/byte_range.hpp"

namespace xylem::server {

/// Status, headers, and a body that is a text or a part of a file.
struct Reply {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string text{};
  UniqueFd file{};  ///< If valid, `part` of it is the body.
  ByteRange part{};
  bool keep_alive = true;

  std::uint64_t body_size() const { return file.valid() ? part.size : text.size(); }
};

/// A short text for people, with a status that tells the machine.
Reply text_reply(unsigned status, std::string_view text);

/// Status line and headers with the empty line behind them. Adds Date, Connection and, with
/// `with_length`, Content-Length.
std::string format_head(const Reply& reply, bool with_length = true);

}  // namespace xylem::server
