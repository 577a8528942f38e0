#pragma once

/// \file
/// The summary file: which refs a server has. `(a(s(taya{sv}))a{sv})`.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "object/variant/variant.hpp"

namespace xylem::object {

struct SummaryRef {
  std::string ref;
  std::uint64_t commit_size = 0;  ///< Bytes of the commit object. Stored in host order.
  Checksum commit;
  Dict metadata;
};

struct Summary {
  std::vector<SummaryRef> refs;  ///< Sorted by name.
  Dict metadata;

  const SummaryRef* find(std::string_view ref) const;
  /// Looks in the main list if `collection_id` is the summary's own, else in its collection map.
  const SummaryRef* find(std::string_view collection_id, std::string_view ref) const;

  std::optional<std::string> collection_id() const;
  /// "archive-z2", "bare", …; nullopt if an old server does not say.
  std::optional<std::string> mode() const;
  std::optional<std::uint64_t> last_modified() const;
  std::optional<std::uint64_t> expires() const;
  bool has_tombstones() const;

  /// Other collections' refs.
  std::map<std::string, std::vector<SummaryRef>> collection_map;
};

Summary parse_summary(ByteView bytes);
/// Writes `refs`, and `collection_map` into the metadata if it is not empty; both must be sorted.
Bytes serialize_summary(const Summary& summary);

namespace summary_key {
constexpr char static_deltas[] = "ostree.static-deltas";
constexpr char last_modified[] = "ostree.summary.last-modified";
constexpr char expires[] = "ostree.summary.expires";
constexpr char collection_id[] = "ostree.summary.collection-id";
constexpr char collection_map[] = "ostree.summary.collection-map";
constexpr char mode[] = "ostree.summary.mode";
constexpr char tombstone_commits[] = "ostree.summary.tombstone-commits";
constexpr char indexed_deltas[] = "ostree.summary.indexed-deltas";
constexpr char commit_timestamp[] = "ostree.commit.timestamp";
constexpr char commit_version[] = "ostree.commit.version";
}  // namespace summary_key

}  // namespace xylem::object
