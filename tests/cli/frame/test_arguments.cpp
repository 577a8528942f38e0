#include "cli/frame/arguments.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include "cli/frame/options.hpp"
#include "cli/frame/plain_arguments.hpp"
#include "cli/frame/usage_error.hpp"

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

namespace {

/// What the options and arguments of a command come out as.
struct Parsed {
  bool quiet = false;
  std::string text = "unset", value = "unset";
  Words list, arguments;
};

Parsed parse(const Words& words) {
  CLI::App app;
  Parsed parsed;
  xylem::cli::add_flag(app, "-q,--quiet", parsed.quiet, "");
  xylem::cli::may_be_empty(xylem::cli::add_value(app, "-s,--subject", parsed.text, "", "TEXT"));
  xylem::cli::add_value(app, "-v,--value", parsed.value, "", "VALUE");
  xylem::cli::add_list(app, "--list", parsed.list, "", "VALUE");
  xylem::cli::add_arguments(app, "NAMES", parsed.arguments);
  Words plain = xylem::cli::plain_arguments(app, words);
  std::reverse(plain.begin(), plain.end());
  app.parse(std::move(plain));
  return parsed;
}

}  // namespace

TEST_CASE("an empty value takes nothing from the next argument") {
  for (const Words& words :
       {Words{"--subject=", "--list=x", "a"}, Words{"--subject", "", "--list=x", "a"},
        Words{"-s", "", "--list=x", "a"}, Words{"-qs", "", "--list", "x", "a"}}) {
    CAPTURE(words);
    const Parsed parsed = parse(words);
    CHECK(parsed.text.empty());
    CHECK(parsed.list == Words{"x"});
    CHECK(parsed.arguments == Words{"a"});
  }
}

TEST_CASE("a value may look like an option") {
  CHECK(parse({"--subject", "--list="}).text == "--list=");
  CHECK(parse({"-s", "--"}).text == "--");
  CHECK(parse({"--subject=--value="}).text == "--value=");
  CHECK(parse({"--", "--subject="}).arguments == Words{"--subject="});
}

TEST_CASE("an empty value is refused where it means nothing") {
  for (const Words& words :
       {Words{"--value="}, Words{"--value", ""}, Words{"-v", ""}, Words{"--list="},
        Words{"--list=a", "--list="}, Words{"--value=", "--value=x"}, Words{""}, Words{"a", ""}}) {
    CAPTURE(words);
    CHECK_THROWS_AS(parse(words), CLI::ParseError);
  }
  CHECK_THROWS_AS(parse({"--quiet="}), xylem::cli::UsageError);
}

TEST_CASE("brackets are letters as others are") {
  const Words names{"[a]", "[a,b]", "[", "[]", "\1[a]", "\1", "a]"};
  CHECK(parse(names).arguments == names);
  CHECK(parse({"--subject=[a,b]"}).text == "[a,b]");
  CHECK(parse({"--list", "[a,b]"}).list == Words{"[a,b]"});
}
