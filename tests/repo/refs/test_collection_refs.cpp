#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/refs/refs.hpp"

namespace xylem::repo {

namespace {

using test::OstreeRepo;

constexpr char own[] = "org.example.Own";
constexpr char other[] = "org.example.Other";

std::string listing(const Repo& repo) {
  std::string text;
  for (const auto& [ref, commit] : list_collection_refs(repo))
    text += (text.empty() ? "" : "\n") + ("(" + ref.collection_id + ", " + ref.ref + ")");
  return text;
}

}  // namespace

TEST_CASE("refs of collections are those that ostree lists") {
  const OstreeRepo made("archive", {std::string("--collection-id=") + own});
  const Checksum first = made.commit("main", "1");
  const Checksum second = made.commit("os/stable", "2");
  made.run({"remote", "add", std::string("--collection-id=") + other, "origin", "http://x"});
  made.run({"remote", "add", "plain", "http://x"});
  made.run({"refs", "--create=origin:app", "main"});
  made.run({"refs", "--create=plain:hidden", "main"});
  made.run({"refs", "-c", std::string("--create=") + other + ":mirrored", "os/stable"});
  const Repo repo = made.open();
  CHECK(listing(repo) == made.run_sorted({"refs", "-c"}));
  CHECK(find_ref(repo, CollectionRef{own, "main"}) == first);
  CHECK(find_ref(repo, CollectionRef{other, "app"}) == first);
  CHECK(find_ref(repo, CollectionRef{other, "mirrored"}) == second);
  CHECK_FALSE(find_ref(repo, CollectionRef{other, "main"}));
  CHECK_FALSE(find_ref(repo, CollectionRef{"org.example.None", "main"}));
}

TEST_CASE("a repository without a collection has only those of others") {
  const OstreeRepo made;
  made.commit("main");
  CHECK(list_collection_refs(made.open()).empty());
  CHECK_FALSE(find_ref(made.open(), CollectionRef{own, "main"}));
}

TEST_CASE("ostree finds mirrored refs that we write") {
  const OstreeRepo made("archive", {std::string("--collection-id=") + own});
  const Checksum commit = made.commit("main");
  Repo repo = made.open();
  write_ref(repo, CollectionRef{other, "app/x"}, commit);
  write_ref(repo, CollectionRef{own, "copy"}, commit);
  CHECK(os::exists({repo.dir(), "refs/mirrors/org.example.Other/app/x"}));
  CHECK(os::exists({repo.dir(), "refs/heads/copy"}));
  CHECK(made.run_sorted({"refs", "-c"}) ==
        "(org.example.Other, app/x)\n(org.example.Own, copy)\n(org.example.Own, main)");
  write_ref(repo, CollectionRef{other, "app/x"}, std::nullopt);
  CHECK(made.run_sorted({"refs", "-c"}) == "(org.example.Own, copy)\n(org.example.Own, main)");
}

}  // namespace xylem::repo
