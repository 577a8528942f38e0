#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "pull/delta/delta_offers.hpp"

using namespace xylem;
using namespace xylem::pull;

namespace {

Checksum named(std::string_view text) {
  return sha256(as_bytes(text));
}

DeltaOffer entry(std::string_view from, std::string_view to, std::string_view superblock) {
  return {{named(from), named(to)}, named(superblock)};
}

}  // namespace

TEST_CASE("offers are those to the commit, and what was read later counts") {
  const std::vector<DeltaOffer> listed{entry("a", "c", "old"), entry("a", "b", "other"),
                                       entry("b", "c", "kept")};
  const std::vector<DeltaOffer> later{entry("a", "c", "new"), entry("d", "c", "more"),
                                      entry("d", "e", "foreign")};
  const auto offers = offers_to(named("c"), listed, later);
  std::map<delta::DeltaName, std::optional<Checksum>> found;
  for (const DeltaOffer& offer : offers) found[offer.name] = offer.superblock;
  CHECK(found.size() == 3);
  CHECK(found.at({named("a"), named("c")}) == named("new"));
  CHECK(found.at({named("b"), named("c")}) == named("kept"));
  CHECK(found.at({named("d"), named("c")}) == named("more"));
  CHECK(offers_to(named("z"), listed, later).empty());
}
