#pragma once

/// \file
/// What is written down beside a partial file, so that a later process can go on with it: one JSON
/// object `{"url", "etag", "last_modified", "total", "started", "updated"}`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/os/fd.hpp"
#include "fetcher/request/request.hpp"

namespace xylem::fetcher {

struct DownloadRecord {
  std::string url;  ///< Without credentials.
  Validators validators;
  std::optional<std::uint64_t> total;  ///< Size of the whole body, if the server told.
  std::int64_t started = 0;            ///< Seconds since the epoch.
  std::int64_t updated = 0;

  bool operator==(const DownloadRecord&) const = default;
};

std::string format_record(const DownloadRecord& record);
/// nullopt if it is no record: then only its help is lost.
std::optional<DownloadRecord> parse_record(std::string_view json);

/// That of the download `name` in a download directory; nullopt if there is none that can be read.
std::optional<DownloadRecord> read_record(FileDescriptor dir, std::string_view name);

/// The ETag if byte ranges may be asked for with it (`If-Range`): one that is not weak. Else empty.
std::string strong_validator(const Validators& validators);

}  // namespace xylem::fetcher
