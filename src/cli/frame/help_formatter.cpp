#include "cli/frame/help_formatter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xylem::cli {

namespace {

constexpr std::size_t column_gap = 5;

/// Options to list: those with a name and a group, but for help, which has its own heading.
std::vector<const CLI::Option*> listed_options(const CLI::App& command) {
  return command.get_options([&](const CLI::Option* option) {
    return option->nonpositional() && !option->get_group().empty() &&
           option != command.get_help_ptr();
  });
}

std::string positional_arguments(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options(
           [](const CLI::Option* candidate) { return candidate->get_positional(); })) {
    std::string name = option->get_name(true);
    if (option->get_items_expected_max() > 1) name += "...";
    if (!text.empty()) text += ' ';
    text += option->get_required() ? name : "[" + name + "]";
  }
  return text;
}

/// Whoever finds "Builtin" expects that the command does nothing without one of them.
std::string subcommand_heading(const CLI::App& command) {
  if (command.get_parent() == nullptr) return "Builtin Commands:\n";
  return fmt::format("{} \"{}\" Commands:\n", may_stand_alone(command) ? "Further" : "Builtin",
                     command.get_name());
}

std::string subcommand_list(const CLI::App& command) {
  std::string text = subcommand_heading(command);
  for (const CLI::App* subcommand : command.get_subcommands(
           [](const CLI::App* candidate) { return !candidate->get_group().empty(); }))
    text += fmt::format("  {:<18}{}\n", subcommand->get_name(), subcommand->get_description());
  return text + "\n";
}

std::string option_lines(const std::vector<const CLI::Option*>& options, std::size_t width) {
  std::string text;
  for (const CLI::Option* option : options)
    text += fmt::format("  {:<{}}{}\n", option_label(*option), width, option->get_description());
  return text + "\n";
}

}  // namespace

bool may_stand_alone(const CLI::App& group) {
  return group.get_require_subcommand_max() == 1;
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0 && !option.get_type_name().empty();
}

std::string usage_arguments(const CLI::App& command) {
  return std::dynamic_pointer_cast<HelpFormatter>(command.get_formatter())->arguments(command);
}

std::string option_label(const CLI::Option& option) {
  const std::string short_name =
      option.get_snames().empty() ? "" : "-" + option.get_snames().front();
  if (option.get_lnames().empty()) return short_name;
  return (short_name.empty() ? "" : short_name + ", ") + "--" + option.get_lnames().front() +
         (takes_value(option) ? "=" + option.get_type_name() : "");
}

std::string full_name(const CLI::App& command) {
  if (command.get_parent() == nullptr) return command.get_name();
  return full_name(*command.get_parent()) + " " + command.get_name();
}

std::string HelpFormatter::arguments(const CLI::App& command) const {
  return arguments_.empty() ? positional_arguments(command) : arguments_;
}

std::string HelpFormatter::usage(const CLI::App& command) const {
  const std::string behind = arguments(command);
  return fmt::format("Usage:\n  {} [OPTION…]{}{}\n\n", full_name(command),
                     behind.empty() ? "" : " ", behind);
}

std::string HelpFormatter::make_help(const CLI::App* command, std::string /*name*/,
                                     CLI::AppFormatMode /*mode*/) const {
  const auto options = listed_options(*command);
  const std::vector<const CLI::Option*> help{command->get_help_ptr()};
  std::size_t width = option_label(*help.front()).size();
  for (const CLI::Option* option : options) width = std::max(width, option_label(*option).size());
  width += column_gap;

  std::string text = usage(*command);
  if (!command->get_description().empty()) text += command->get_description() + "\n\n";
  if (!command->get_subcommands({}).empty()) text += subcommand_list(*command);
  text += "Help Options:\n" + option_lines(help, width);
  return text + "Application Options:\n" + option_lines(options, width);
}

}  // namespace xylem::cli
