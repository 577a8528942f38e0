#pragma once

/// \file
/// Which static deltas a repository offers. `deltas/<2>/<41>[-<43>]/superblock`, where the digits
/// are the base64 of a checksum with "_" for "/" and without padding: the commit that a delta
/// starts from and, behind the dash, the one it leads to. A delta from nothing has the second
/// alone.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.hpp"
#include "base/glib.hpp"

namespace xylem::repo {

class Repo;

struct DeltaName {
  std::optional<Checksum> from;
  Checksum to;

  /// "<from>-<to>" or "<to>" in hexadecimal, as summaries name it.
  std::string text() const;
  /// "deltas/<2>/…", relative to the repository.
  std::string dir() const;
  auto operator<=>(const DeltaName&) const = default;
};

/// The delta in directory `deltas/<two>/<rest>`, or nullopt for a foreign name.
std::optional<DeltaName> parse_delta_dir(std::string_view two, std::string_view rest);

/// "delta-indexes/<2>/<41>.index": which deltas lead to a commit.
std::string delta_index_file(const Checksum& to);

/// A delta, and the checksum of its superblock.
struct DeltaEntry {
  DeltaName name;
  Checksum superblock;
};

/// All that have a superblock, sorted by name as text. Parents are not looked at.
std::vector<DeltaEntry> list_deltas(const Repo& repo);

/// `a{sv}`: name of each delta, and the checksum of its superblock as `ay`. Summaries and indexes
/// have it.
GVariantPtr build_delta_digests(const std::vector<DeltaEntry>& deltas);

/// Makes the files in delta-indexes/ say what list_deltas() found, and `core.indexed-deltas` true
/// so that clients look at them.
void write_delta_indexes(Repo& repo, const std::vector<DeltaEntry>& deltas);

}  // namespace xylem::repo
