#include "pull/commit/commit_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utc_date.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

void check_same_time(const Checksum& checksum, const TimestampFloor& floor) {
  if (!floor.strict || checksum == floor.commit) return;
  throw Error(ErrorKind::Downgrade,
              fmt::format("Upgrade target revision '{}' is another commit than current revision "
                          "'{}', but has the same timestamp '{}'",
                          checksum.hex(), floor.commit.hex(), utc_date(floor.timestamp)))
      .hint(
          "--timestamp-check accepts it; whoever made the commits should give them times that "
          "differ");
}

}  // namespace

std::uint64_t commit_size_limit(const std::optional<std::uint64_t>& told,
                                std::uint64_t max_metadata_size) {
  if (!told || *told == 0) return max_metadata_size;  // no commit is empty: it says nothing
  return max_metadata_size == 0 ? *told : std::min(*told, max_metadata_size);
}

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
  if (commit.timestamp > floor.timestamp) return;
  if (commit.timestamp == floor.timestamp) return check_same_time(checksum, floor);
  throw Error(ErrorKind::Downgrade,
              fmt::format("Upgrade target revision '{}' with timestamp '{}' is chronologically "
                          "older than current revision '{}' with timestamp '{}'",
                          checksum.hex(), utc_date(commit.timestamp), floor.commit.hex(),
                          utc_date(floor.timestamp)))
      .hint("pull without --timestamp-check to accept an older commit");
}

}  // namespace xylem::pull
