#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "cli/commands.hpp"
#include "cli/completion/candidates.hpp"
#include "cli/completion/value_type.hpp"
#include "cli/frame/help_formatter.hpp"

namespace xylem::cli {

namespace {

using Words = std::vector<std::string>;

/// The tree of commands as run() builds it.
struct Tree {
  Globals globals;
  CLI::App app{"", "xylem"};

  Tree() {
    app.formatter(std::make_shared<HelpFormatter>("COMMAND"));
    app.set_help_flag("-h,--help", "Show help options");
    add_commands(app, globals);
    add_common_options(app, globals);
  }
};

/// What is offered behind `words`, the last of which is being typed, without descriptions.
Words offered(const Words& words) {
  const Tree tree;
  Words lines = candidates(find_cursor(tree.app, words), "/nonexistent");
  for (std::string& line : lines) line.resize(std::min(line.size(), line.find('\t')));
  return lines;
}

void visit(const CLI::App& command, const std::function<void(const CLI::App&)>& look) {
  look(command);
  for (const CLI::App* subcommand : command.get_subcommands({})) visit(*subcommand, look);
}

}  // namespace

TEST_CASE("what may stand at the cursor") {
  struct Case {
    Words words;
    Words expected;
  };
  const std::vector<Case> cases{
      {{"rev-"}, {"rev-parse"}},
      {{"remote", "show"}, {"show-url"}},
      {{"--verbose", "rev-"}, {"rev-parse"}},
      {{"--repo", "remote", "rev-"}, {"rev-parse"}},
      {{"--repo=x", "remote", "gpg-i"}, {"gpg-import"}},
      {{"remote", "--repo", "x", "gpg-i"}, {"gpg-import"}},
      {{"nosuch", ""}, {}},
      {{"pull", "--max-b"}, {"--max-bytes="}},
      {{"pull", "origin", "--mirr"}, {"--mirror"}},
      {{"pull", "--", "--mirr"}, {}},
      {{"--rep"}, {"--repo="}},
      {{"init", "--mode", "bare-user-"}, {"bare-user-only"}},
      {{"init", "--mode=bare-user-"}, {"--mode=bare-user-only"}},
      {{"init", "--mode", "bare", "--collection-i"}, {"--collection-id="}},
      {{"pull", "--progress", "l"}, {"line"}},
      {{"pull", "--mirror=x"}, {}},
      {{"pull", "--nosuch=x"}, {}},
      {{"pull", "-L", ""}, {":directories"}},
      {{"pull", "--trace-file="}, {":files"}},
      {{"pull", "--repo="}, {":directories"}},
      {{"--repo", ""}, {":directories"}},
      {{"pull-local", ""}, {":directories"}},
      {{"checkout", "REF", ""}, {":directories"}},
      {{"checkout", "REF", "directory", ""}, {}},
      {{"cat", "REF", ""}, {}},
      {{"diff", "one", ""}, {":directories"}},
      {{"config", "un"}, {"unset"}},
      {{"config", "get", "core.mod"}, {"core.mode"}},
      {{"completion", ""}, {"bash", "zsh", "fish"}},
      {{"transfers", ""}, {"abort"}},
  };
  for (const Case& test : cases) {
    CAPTURE(test.words);
    CHECK(offered(test.words) == test.expected);
  }
  CHECK(find_cursor(Tree().app, {}).place == Cursor::Place::Nowhere);
}

TEST_CASE("every option of every command is offered, with a description") {
  const Tree tree;
  visit(tree.app, [](const CLI::App& command) {
    Cursor cursor;
    cursor.place = Cursor::Place::OptionName;
    cursor.command = &command;
    const Words lines = candidates(cursor, "/nonexistent");
    for (const CLI::Option* option : command.get_options({})) {
      if (!option->nonpositional() || option->get_group().empty()) continue;
      CAPTURE(full_name(command), option->get_name());
      const std::string start = option->get_lnames().empty() ? "-" + option->get_snames().front()
                                                             : "--" + option->get_lnames().front();
      CHECK(std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line == start + (takes_value(*option) ? "=" : "") + '\t' + option->get_description();
      }));
    }
  });
}

TEST_CASE("an option that completion knows values of exists") {
  std::set<std::string> known;
  const Tree tree;
  visit(tree.app, [&](const CLI::App& command) {
    for (const CLI::Option* option : command.get_options({}))
      if (takes_value(*option) && option->nonpositional())
        for (const std::string& name : option->get_lnames()) known.insert(name);
  });
  for (const std::string& name : options_with_own_type()) {
    CAPTURE(name);
    CHECK(known.contains(name));
  }
}

}  // namespace xylem::cli
