#include "pull/commit_checks.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

std::string date(std::uint64_t timestamp) {
  const auto seconds = static_cast<std::time_t>(timestamp);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return fmt::format("@{}", timestamp);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", parts);
}

}  // namespace

void check_bindings(const object::Commit& commit, const Checksum& checksum,
                    const std::optional<std::string>& ref,
                    const std::optional<std::string>& collection_id) {
  const auto mismatch = object::binding_mismatch(commit, ref, collection_id);
  if (!mismatch) return;
  throw Error(ErrorKind::Corrupt, fmt::format("Commit {}: {}", checksum.hex(), *mismatch))
      .hint(
          "the server offers a commit that was made for another ref; "
          "--disable-verify-bindings accepts it");
}

void check_timestamp(const object::Commit& commit, const Checksum& checksum,
                     const TimestampFloor& floor) {
  if (commit.timestamp >= floor.timestamp) return;
  throw Error(ErrorKind::Downgrade,
              fmt::format("Upgrade target revision '{}' with timestamp '{}' is chronologically "
                          "older than current revision '{}' with timestamp '{}'",
                          checksum.hex(), date(commit.timestamp), floor.commit.hex(),
                          date(floor.timestamp)))
      .hint("pull without --timestamp-check to accept an older commit");
}

}  // namespace xylem::pull
