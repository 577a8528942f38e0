#pragma once

/// \file
/// What deltas are called. `deltas/<2>/<41>[-<43>]`, where the digits are the base64 of a checksum
/// with "_" for "/" and without padding: the commit that a delta starts from and, behind the dash,
/// the one it leads to. A delta from nothing has the second alone.

#include <optional>
#include <string>
#include <string_view>

#include "base/codec/checksum.hpp"

namespace xylem::delta {

struct DeltaName {
  std::optional<Checksum> from;
  Checksum to;

  /// "<from>-<to>" or "<to>" in hexadecimal, as summaries name it.
  std::string text() const;
  /// "deltas/<2>/…", relative to the repository.
  std::string dir() const;
  /// The file in it that says what the delta is.
  std::string superblock() const { return dir() + "/superblock"; }
  /// The file in it that has a part, which is also the key of a part within the superblock.
  std::string part(std::size_t index) const { return dir() + "/" + std::to_string(index); }
  /// The key of the target's detached metadata within the superblock.
  std::string commitmeta() const { return dir() + "/commitmeta"; }

  auto operator<=>(const DeltaName&) const = default;
};

/// From its text; nullopt unless it is one or two checksums.
std::optional<DeltaName> parse_delta_name(std::string_view text);

/// The delta in directory `deltas/<two>/<rest>`, or nullopt for a foreign name.
std::optional<DeltaName> parse_delta_dir(std::string_view two, std::string_view rest);

/// "delta-indexes/<2>/<41>.index": which deltas lead to a commit.
std::string delta_index_file(const Checksum& to);

}  // namespace xylem::delta
