#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "repo/upkeep/retention.hpp"

namespace xylem::repo {

namespace {

/// The commit with this number.
Checksum commit(int number) {
  return Checksum::parse(std::string(63, '0') + "0123456789abcdef"[number]);
}

/// A history from 1, the oldest, to 9, made at times 10, 20, …; 5 is missing.
std::optional<CommitNode> node_of(const Checksum& checksum) {
  for (int number = 1; number <= 9; ++number)
    if (checksum == commit(number) && number != 5)
      return CommitNode{number == 1 ? std::nullopt : std::optional(commit(number - 1)),
                        static_cast<std::uint64_t>(10 * number)};
  return std::nullopt;
}

RetainedTip depth(int number, int parents) {
  return {commit(number), {parents, std::nullopt}};
}

RetainedTip young(int number, std::int64_t not_before) {
  return {commit(number), {-1, not_before}};
}

std::set<int> kept(const std::vector<RetainedTip>& tips) {
  const auto commits = retained_commits(tips, node_of);
  std::set<int> numbers;
  for (int number = 1; number <= 9; ++number)
    if (commits.contains(commit(number))) numbers.insert(number);
  CHECK(commits.size() == numbers.size());
  return numbers;
}

using Numbers = std::set<int>;

}  // namespace

TEST_CASE("what is kept of histories") {
  CHECK(kept({}) == Numbers{});
  CHECK(kept({depth(4, 0)}) == Numbers{4});
  CHECK(kept({depth(4, 1)}) == Numbers{3, 4});
  CHECK(kept({depth(4, 9)}) == Numbers{1, 2, 3, 4});
  CHECK(kept({depth(4, -1)}) == Numbers{1, 2, 3, 4});
  // A history ends where a commit is missing.
  CHECK(kept({depth(9, -1)}) == Numbers{6, 7, 8, 9});
  CHECK(kept({depth(5, -1)}) == Numbers{});
  CHECK(kept({young(9, 75)}) == Numbers{8, 9});
  CHECK(kept({young(9, 80)}) == Numbers{8, 9});
  CHECK(kept({young(9, 0)}) == Numbers{6, 7, 8, 9});
  CHECK(kept({young(9, -1)}) == Numbers{6, 7, 8, 9});
  // A ref's own commit, however old.
  CHECK(kept({young(9, 1000)}) == Numbers{9});
}

TEST_CASE("whatever any of the tips keeps is kept, in any order") {
  CHECK(kept({depth(4, 1), depth(3, 1)}) == Numbers{2, 3, 4});
  CHECK(kept({depth(3, 1), depth(4, 1)}) == Numbers{2, 3, 4});
  CHECK(kept({depth(4, 0), depth(4, 2)}) == Numbers{2, 3, 4});
  CHECK(kept({depth(4, 2), depth(4, 0)}) == Numbers{2, 3, 4});
  CHECK(kept({young(4, 30), depth(2, 0)}) == Numbers{2, 3, 4});
  CHECK(kept({young(3, 1000), young(4, 35), young(3, 25)}) == Numbers{3, 4});
}

TEST_CASE("where keeping begins, and how far it goes") {
  RetentionBegin begin;
  begin.refs = {{"main", commit(4)}, {"origin:main", commit(3)}};
  begin.mirrored = {commit(2)};
  begin.commits = {commit(1), commit(2), commit(3), commit(4)};
  const auto chosen = [&](const RetentionRules& rules) {
    std::map<std::string, Retention> result;
    for (const RetainedTip& tip : choose_tips(rules, begin))
      result.emplace(tip.commit.hex().substr(63), tip.retention);
    return result;
  };
  using Tips = std::map<std::string, Retention>;
  const Retention all;
  const Retention one{1, {}};
  const Retention since{-1, 7};

  RetentionRules rules;
  CHECK(chosen(rules) == Tips{{"1", all}, {"2", all}, {"3", all}, {"4", all}});
  rules.depth = 1;
  CHECK(chosen(rules) == Tips{{"1", one}, {"2", one}, {"3", one}, {"4", one}});
  rules.refs_only = true;
  CHECK(chosen(rules) == Tips{{"2", one}, {"3", one}, {"4", one}});
  rules = {.depth = 1, .only_branches = {"main"}};
  CHECK(chosen(rules) == Tips{{"2", all}, {"3", all}, {"4", one}});
  rules = {.depth = 1, .branch_depths = {{"main", 0}}};
  CHECK(chosen(rules) == Tips{{"2", one}, {"3", one}, {"4", Retention{0, {}}}});
  rules = {.keep_younger_than = 7, .branch_depths = {{"origin:main", 1}}};
  CHECK(chosen(rules) == Tips{{"2", since}, {"3", one}, {"4", since}});
}

}  // namespace xylem::repo
