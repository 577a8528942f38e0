#include "cli/frame/options.hpp"

#include <CLI/CLI.hpp>

namespace xylem::cli {

CLI::Option* add_flag(CLI::App& command, const std::string& names, bool& value,
                      const std::string& description) {
  return command.add_flag(names, value, description);
}

CLI::Option* add_flag(CLI::App& command, const std::string& names, std::function<void()> given,
                      const std::string& description) {
  return command.add_flag_function(
      names, [given = std::move(given)](std::int64_t) { given(); }, description);
}

CLI::Option* add_value(CLI::App& command, const std::string& names, std::string& value,
                       const std::string& description, const std::string& value_name) {
  return command.add_option(names, value, description)->type_name(value_name);
}

CLI::Option* add_value(CLI::App& command, const std::string& names,
                       std::optional<std::string>& value, const std::string& description,
                       const std::string& value_name) {
  return command.add_option(names, value, description)->type_name(value_name);
}

CLI::Option* add_value(CLI::App& command, const std::string& names,
                       std::function<void(const std::string&)> given,
                       const std::string& description, const std::string& value_name) {
  return command.add_option_function<std::string>(names, given, description)->type_name(value_name);
}

CLI::Option* add_list(CLI::App& command, const std::string& names, std::vector<std::string>& values,
                      const std::string& description, const std::string& value_name) {
  return command.add_option(names, values, description)
      ->type_name(value_name)
      ->allow_extra_args(false)
      ->take_all();
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name, std::string& value) {
  return command.add_option(name, value);
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::optional<std::string>& value) {
  return command.add_option(name, value);
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::vector<std::string>& values) {
  return command.add_option(name, values);
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::vector<std::string>& values, std::size_t most) {
  return command.add_option(name, values)->expected(0, static_cast<int>(most));
}

void begin_group(CLI::App& command, const std::string& heading) {
  command.option_defaults()->group(heading);
}

void hide(CLI::Option* option) {
  option->group("");
}

void require(CLI::Option* option) {
  option->required();
}

void on_run(CLI::App& command, std::function<void()> run) {
  const bool group = !command.get_subcommands({}).empty();
  if (group) command.require_subcommand(0, 1);
  command.callback([&command, group, run = std::move(run)] {
    if (!group || command.get_subcommands().empty()) run();
  });
}

}  // namespace xylem::cli
