#include "cli/frame/help_formatter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/frame/help_layout.hpp"
#include "cli/frame/terminal.hpp"

namespace xylem::cli {

namespace {

constexpr std::size_t column_gap = 5;
/// CLI11's names for what is in none.
constexpr char default_command_group[] = "Subcommands";
constexpr char default_option_group[] = "Options";

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

constexpr std::size_t command_column = 20;
/// Longer labels have their description below.
constexpr std::size_t widest_label = 30;

/// Of groups of commands, in the order of their importance.
constexpr std::array<std::string_view, 6> headings{"Pulling", "Repository", "Tree",
                                                   "Ref",     "Server",     "Other"};

std::size_t rank_of(std::string_view heading) {
  return static_cast<std::size_t>(std::ranges::find(headings, heading) - headings.begin());
}

/// The groups of some entries, in the order in which they come; `last` goes to the end.
template <typename Entry>
std::vector<std::string> groups_of(const std::vector<const Entry*>& entries,
                                   const std::string& last) {
  std::vector<std::string> groups;
  for (const Entry* entry : entries)
    if (std::ranges::find(groups, entry->get_group()) == groups.end())
      groups.push_back(entry->get_group());
  std::ranges::stable_partition(groups, [&](const std::string& name) { return name != last; });
  return groups;
}

std::string grouped_commands(const CLI::App& command, std::size_t columns) {
  const auto commands = command.get_subcommands(
      [](const CLI::App* candidate) { return !candidate->get_group().empty(); });
  std::vector<std::string> groups = groups_of(commands, default_command_group);
  std::ranges::stable_sort(groups, {}, rank_of);
  std::string text;
  for (const std::string& group : groups) {
    text += group == default_command_group ? "Commands:\n" : group + " Commands:\n";
    for (const CLI::App* entry : commands)
      if (entry->get_group() == group)
        text += help_entry(entry->get_name(), entry->get_description(), command_column, columns);
    text += '\n';
  }
  return text;
}

std::string title_of(const std::string& group) {
  return group == default_option_group ? "Application Options:\n" : group + ":\n";
}

std::string grouped_options(const CLI::App& command, std::size_t columns) {
  auto options = listed_options(command);
  std::size_t width = option_label(*command.get_help_ptr()).size();
  for (const CLI::Option* option : options) width = std::max(width, option_label(*option).size());
  width = std::min(width, widest_label) + 4;
  const auto groups = groups_of(options, default_option_group);
  std::string text = "Help Options:\n" +
                     help_entry(option_label(*command.get_help_ptr()),
                                command.get_help_ptr()->get_description(), width, columns) +
                     '\n';
  for (const std::string& group : groups) {
    const bool other = group == default_option_group && groups.size() > 1;
    text += other ? "Other Options:\n" : title_of(group);
    for (const CLI::Option* option : options)
      if (option->get_group() == group)
        text += help_entry(option_label(*option), option->get_description(), width, columns);
    text += '\n';
  }
  return text;
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

std::string usage_line(const CLI::App& command) {
  const std::string behind = usage_arguments(command);
  return fmt::format("Usage: {} [OPTION\u2026]{}{}", full_name(command), behind.empty() ? "" : " ",
                     behind);
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
  if (full_name(*command).starts_with("ostree")) return help_of_ostree(*command);
  const std::size_t columns = terminal_columns();
  std::string text = in_locale(usage(*command));
  if (!command->get_description().empty())
    text += wrap(command->get_description(), columns, 0) + "\n\n";
  const bool group = !command->get_subcommands({}).empty();
  if (group) text += grouped_commands(*command, columns);
  text += grouped_options(*command, columns);
  if (group)
    text += wrap(fmt::format("`{} COMMAND --help` explains a command.", full_name(*command)),
                 columns, 0) +
            '\n';
  return text;
}

std::string HelpFormatter::help_of_ostree(const CLI::App& app) const {
  const CLI::App* command = &app;
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
