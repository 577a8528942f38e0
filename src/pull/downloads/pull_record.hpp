#pragma once

/// \file
/// What a running pull writes about itself into its download directory, for others to see: one JSON
/// object `{"remote", "refs", "pid", "bytes", "started", "updated"}`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/os/fd.hpp"

namespace xylem::pull {

struct PullRecord {
  std::string remote;
  std::vector<std::string> refs;
  std::int64_t pid = 0;
  std::uint64_t bytes = 0;   ///< From the network, so far.
  std::int64_t started = 0;  ///< Seconds since the epoch.
  std::int64_t updated = 0;

  bool operator==(const PullRecord&) const = default;
};

/// Its name in the download directory.
constexpr char pull_record_name[] = "pull.record";
/// Whether a file of a download directory is this or an AbortRequest, and no download.
bool is_note(std::string_view file_name);
/// Whether there is nothing else in a download directory.
bool has_only_notes(FileDescriptor dir);

std::string format_pull_record(const PullRecord& record);
/// nullopt if it is no record.
std::optional<PullRecord> parse_pull_record(std::string_view json);

/// Replaces it; not durable, as nobody needs it after a crash. Throws Error(Io).
void write_pull_record(FileDescriptor dir, const PullRecord& record);
/// nullopt if there is none, or an unreadable one.
std::optional<PullRecord> read_pull_record(FileDescriptor dir);

}  // namespace xylem::pull
