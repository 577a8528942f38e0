#pragma once

/// \file
/// What a server, or the link to it, does wrong on purpose: for trying out how clients cope.

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace xylem::server {

/// A default-made one changes nothing.
struct Misbehaviour {
  std::uint64_t rate = 0;             ///< Bytes a second, of all connections together; 0: no limit.
  std::chrono::milliseconds delay{};  ///< Before each answer.
  unsigned queue = 0;                 ///< Connections that may wait to be accepted; 0: many.
  unsigned cut = 0;    ///< Each answer of this number is torn in the middle of its body; 0: none.
  unsigned limit = 0;  ///< Requests a second; more get a 429 without Retry-After. 0: no limit.
  /// After so many answers as many requests as `portal_length` are redirected to a login page.
  unsigned portal = 0;
  unsigned portal_length = 0;
  bool half = false;           ///< Only half of a body, unless a range is asked for.
  bool close = false;          ///< HTTP/1.0: each answer is the last one of its connection.
  bool no_range = false;       ///< 403 for a request with a range.
  bool no_validators = false;  ///< Neither ETag nor Last-Modified.

  bool operator==(const Misbehaviour&) const = default;
};

/// A link, or a server, that many people have met.
struct MisbehaviourProfile {
  std::string_view name;
  std::string_view words;  ///< As parse_misbehaviour() takes them.
  std::string_view about;  ///< One line for people.
};
const std::vector<MisbehaviourProfile>& misbehaviour_profiles();

/// The name of a profile, or words with commas between: `rate=12000,delay=600,cut=40,half,…`, named
/// as the members above with `-` for `_`; `portal=AFTER:COUNT`. Throws Error(InvalidArgument) that
/// lists what there is.
Misbehaviour parse_misbehaviour(std::string_view text);

}  // namespace xylem::server
