#include "cli/frame/arguments.hpp"

#include <catch2/catch.hpp>

using xylem::cli::take_command;
using Words = std::vector<std::string>;

TEST_CASE("the command is the first argument that is no option") {
  struct Case {
    Words arguments;
    std::optional<std::string> command;
    Words rest;
  };
  const std::vector<Case> cases{
      {{}, std::nullopt, {}},
      {{"--version"}, std::nullopt, {"--version"}},
      {{"pull", "origin"}, "pull", {"origin"}},
      {{"--repo=r", "pull", "origin"}, "pull", {"--repo=r", "origin"}},
      {{"--repo", "r", "pull", "origin"}, "pull", {"--repo", "r", "origin"}},
      {{"-v", "refs", "--repo", "r"}, "refs", {"-v", "--repo", "r"}},
      {{"--repo", "--repo", "refs"}, "refs", {"--repo", "--repo"}},
      {{""}, "", {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.arguments);
    const auto split = take_command(one.arguments);
    CHECK(split.command == one.command);
    CHECK(split.rest == one.rest);
  }
}
