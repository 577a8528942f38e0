#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "pull/jobs/find_remotes.hpp"

using namespace xylem;
using pull::Finder;
using pull::RefOffers;
using repo::CollectionRef;

namespace {

const CollectionRef os_ref{"org.example.Os", "os"};
const CollectionRef app_ref{"org.example.Os", "app"};
const Checksum first = sha256(as_bytes("first"));
const Checksum second = sha256(as_bytes("second"));

RefOffers place(const std::string& remote, int priority,
                std::map<CollectionRef, pull::RefOffer> refs) {
  return {{Finder::Config, remote, "http://" + remote, priority, 0}, std::move(refs)};
}

/// "remote: refs…" of each place that was found.
std::vector<std::string> names(const std::vector<pull::FoundRemote>& found) {
  std::vector<std::string> names;
  for (const auto& one : found) {
    std::string text = one.place.remote + ":";
    for (const auto& [ref, commit] : one.refs) text += " " + ref.ref;
    names.push_back(text);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the newest commit of a ref counts, wherever it is") {
  CHECK(pull::newest_places({}).empty());
  CHECK(names(pull::newest_places({place("old", 50, {{os_ref, {first, 10}}}),
                                   place("new", 100, {{os_ref, {second, 20}}})})) ==
        Names{"new: os"});
  // Of the same commit there may be several places.
  CHECK(names(pull::newest_places({place("far", 100, {{os_ref, {first, 10}}}),
                                   place("near", 50, {{os_ref, {first, 10}}})})) ==
        Names{"near: os", "far: os"});
}

TEST_CASE("each ref has its own newest commit") {
  const auto found = pull::newest_places(
      {place("a", 100, {{os_ref, {first, 10}}, {app_ref, {second, 30}}}),
       place("b", 100, {{os_ref, {second, 20}}, {app_ref, {first, 20}}}), place("c", 100, {})});
  CHECK(names(found) == Names{"a: app", "b: os"});
  CHECK(found.at(0).refs.at(app_ref) == second);
}

TEST_CASE("a time that is not known is older than all, and a tie goes to the better place") {
  CHECK(names(pull::newest_places({place("unknown", 50, {{os_ref, {first, 0}}}),
                                   place("known", 100, {{os_ref, {second, 1}}})})) ==
        Names{"known: os"});
  CHECK(names(pull::newest_places({place("far", 100, {{os_ref, {second, 5}}}),
                                   place("near", 50, {{os_ref, {first, 5}}})})) ==
        Names{"near: os"});
}

TEST_CASE("places with more refs come first, then names") {
  CHECK(names(pull::newest_places(
            {place("b", 100, {{os_ref, {first, 1}}}), place("a", 100, {{os_ref, {first, 1}}}),
             place("c", 100, {{os_ref, {first, 1}}, {app_ref, {first, 1}}})})) ==
        Names{"c: app os", "a: os", "b: os"});
}
