#include "cli/frame/options.hpp"

#include <CLI/CLI.hpp>

#include "cli/frame/plain_arguments.hpp"

namespace xylem::cli {

namespace {

constexpr char not_empty[] = "not empty";

/// Scripts give empty values by mistake, from variables that are not set.
CLI::Option* refuse_empty(CLI::Option* option) {
  return option->check(CLI::Validator(
      [](const std::string& value) { return value.empty() ? "The value is empty" : ""; }, "",
      not_empty));
}

CLI::Option* as_arguments(CLI::Option* option) {
  const auto take_back = [](std::string& value) {
    value = unprotect(value);
    return std::string();
  };
  return refuse_empty(option->transform(CLI::Validator(take_back, "")));
}

}  // namespace

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
  return refuse_empty(command.add_option(names, value, description)->type_name(value_name));
}

CLI::Option* add_value(CLI::App& command, const std::string& names,
                       std::optional<std::string>& value, const std::string& description,
                       const std::string& value_name) {
  return refuse_empty(command.add_option(names, value, description)->type_name(value_name));
}

CLI::Option* add_value(CLI::App& command, const std::string& names,
                       std::function<void(const std::string&)> given,
                       const std::string& description, const std::string& value_name) {
  return refuse_empty(
      command.add_option_function<std::string>(names, given, description)->type_name(value_name));
}

CLI::Option* add_list(CLI::App& command, const std::string& names, std::vector<std::string>& values,
                      const std::string& description, const std::string& value_name) {
  return refuse_empty(command.add_option(names, values, description)
                          ->type_name(value_name)
                          ->allow_extra_args(false)
                          ->take_all());
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name, std::string& value) {
  return as_arguments(command.add_option(name, value));
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::optional<std::string>& value) {
  return as_arguments(command.add_option(name, value));
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::vector<std::string>& values) {
  return as_arguments(command.add_option(name, values));
}

CLI::Option* add_arguments(CLI::App& command, const std::string& name,
                           std::vector<std::string>& values, std::size_t most) {
  return as_arguments(command.add_option(name, values)->expected(0, static_cast<int>(most)));
}

CLI::Option* may_be_empty(CLI::Option* option) {
  option->get_validator(not_empty)->active(false);
  return option;
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
