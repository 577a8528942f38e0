#include "cli/frame/plain_arguments.hpp"

#include <CLI/CLI.hpp>

#include "cli/frame/help_formatter.hpp"
#include "cli/frame/usage_error.hpp"

namespace xylem::cli {

namespace {

constexpr char shield = '\1';

/// Whether it begins with "[", however often it is protected.
bool looks_like_list(const std::string& argument) {
  const std::size_t begin = argument.find_first_not_of(shield);
  return begin != std::string::npos && argument[begin] == '[';
}

enum class OptionKind { Unknown, Flag, Valued };

OptionKind kind_of(const CLI::App& command, const std::string& name) {
  const CLI::Option* option = command.get_option_no_throw(name);
  if (option == nullptr) return OptionKind::Unknown;
  return takes_value(*option) ? OptionKind::Valued : OptionKind::Flag;
}

/// Walks over the arguments of one command.
class PlainReader {
 public:
  explicit PlainReader(const CLI::App& command) : command_(command) {}

  void read(const std::string& word) {
    if (is_value_) {
      is_value_ = false;
      words_.push_back(word);
    } else if (only_arguments_ || !word.starts_with('-') || word == "-") {
      words_.push_back(protect(word));
    } else if (word == "--") {
      only_arguments_ = true;
      words_.push_back(word);
    } else if (word.starts_with("--")) {
      read_long(word);
    } else {
      read_short(word);
    }
  }

  std::vector<std::string> take() { return std::move(words_); }

 private:
  void read_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const OptionKind kind = kind_of(command_, name);
    const bool empty_value = equals + 1 == word.size();
    if (empty_value && kind == OptionKind::Flag)
      throw UsageError("Option " + name + " takes no value");
    is_value_ = kind == OptionKind::Valued && equals == std::string::npos;
    if (empty_value && kind == OptionKind::Valued)
      words_.insert(words_.end(), {name, ""});
    else
      words_.push_back(word);
  }

  /// Flags, and at most one option with a value, which may stand in the next word.
  void read_short(const std::string& word) {
    words_.push_back(word);
    for (std::size_t i = 1; i < word.size(); ++i)
      if (kind_of(command_, {'-', word[i]}) == OptionKind::Valued) {
        is_value_ = i + 1 == word.size();
        return;
      }
  }

  const CLI::App& command_;
  std::vector<std::string> words_;
  bool is_value_ = false;
  bool only_arguments_ = false;
};

}  // namespace

std::string protect(const std::string& argument) {
  return looks_like_list(argument) ? shield + argument : argument;
}

std::string unprotect(const std::string& argument) {
  const bool protected_one = argument.starts_with(shield) && looks_like_list(argument);
  return protected_one ? argument.substr(1) : argument;
}

std::vector<std::string> plain_arguments(const CLI::App& command,
                                         const std::vector<std::string>& arguments) {
  PlainReader reader(command);
  for (const std::string& word : arguments) reader.read(word);
  return reader.take();
}

}  // namespace xylem::cli
