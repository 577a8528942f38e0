#include "cli/completion/cursor.hpp"

#include "cli/frame/arguments.hpp"
#include "cli/frame/help_formatter.hpp"

namespace xylem::cli {

namespace {

/// Takes the names of the command and of its groups out of `words`. Null if one does not exist.
const CLI::App* take_command_names(const CLI::App& app, std::vector<std::string>& words) {
  const CLI::App* command = &app;
  while (is_group(*command)) {
    SplitArguments split = take_command(words);
    if (!split.command) return command;
    command = find_subcommand(*command, *split.command);
    if (command == nullptr) return nullptr;
    words = std::move(split.rest);
  }
  return command;
}

/// Sorts the words before the cursor into options and arguments.
class CommandLineReader {
 public:
  explicit CommandLineReader(Cursor& cursor) : cursor_(cursor) {}

  void read(const std::string& word) {
    if (waiting_ != nullptr)
      take_value(*std::exchange(waiting_, nullptr), word);
    else if (only_arguments_ || !word.starts_with('-'))
      cursor_.arguments.push_back(word);
    else if (word == "--")
      only_arguments_ = true;
    else
      read_option(word);
  }

  /// The option whose value the next word is; null if it is none.
  const CLI::Option* waiting() const { return waiting_; }
  /// Whether there was a "--".
  bool only_arguments() const { return only_arguments_; }

 private:
  void read_option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const CLI::Option* option = find_option(*cursor_.command, word.substr(0, equals));
    if (option == nullptr || !takes_value(*option)) return;
    if (equals == std::string::npos)
      waiting_ = option;
    else
      take_value(*option, word.substr(equals + 1));
  }

  void take_value(const CLI::Option& option, const std::string& value) {
    if (option.check_name("--repo")) cursor_.repo = value;
  }

  Cursor& cursor_;
  const CLI::Option* waiting_ = nullptr;
  bool only_arguments_ = false;
};

/// For a word that begins with "-": in its name, or behind "=" in its value.
void place_in_option(Cursor& cursor) {
  const std::size_t equals = cursor.typed.find('=');
  cursor.place = Cursor::Place::OptionName;
  if (equals == std::string::npos) return;
  cursor.option = find_option(*cursor.command, cursor.typed.substr(0, equals));
  const bool has_value = cursor.option != nullptr && takes_value(*cursor.option);
  cursor.place = has_value ? Cursor::Place::OptionValue : Cursor::Place::Nowhere;
  cursor.prefix = cursor.typed.substr(0, equals + 1);
  cursor.typed.erase(0, equals + 1);
}

}  // namespace

const CLI::Option* find_option(const CLI::App& command, const std::string& name) {
  if (const CLI::Option* option = command.get_option_no_throw(name)) return option;
  for (const CLI::App* subcommand : command.get_subcommands({}))
    if (const CLI::Option* option = find_option(*subcommand, name)) return option;
  return nullptr;
}

Cursor find_cursor(const CLI::App& app, std::vector<std::string> words) {
  Cursor cursor;
  if (words.empty()) return cursor;
  cursor.typed = words.back();
  words.pop_back();
  // "help pull" is "pull --help".
  if (const SplitArguments split = take_command(words); split.command == "help") words = split.rest;
  cursor.command = take_command_names(app, words);
  if (cursor.command == nullptr) return cursor;

  CommandLineReader reader(cursor);
  for (const std::string& word : words) reader.read(word);
  if (reader.waiting() != nullptr) {
    cursor.option = reader.waiting();
    cursor.place = Cursor::Place::OptionValue;
  } else if (!reader.only_arguments() && cursor.typed.starts_with('-')) {
    place_in_option(cursor);
  } else {
    const bool in_name = is_group(*cursor.command) && cursor.arguments.empty();
    cursor.place = in_name ? Cursor::Place::Command : Cursor::Place::Argument;
  }
  return cursor;
}

}  // namespace xylem::cli
