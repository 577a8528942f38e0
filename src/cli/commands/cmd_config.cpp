#include <fmt/format.h>

#include "cli/frame/command.hpp"
#include "cli/frame/misspelt_key.hpp"
#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "repo/config/key_file.hpp"
#include "repo/mend_config.hpp"

namespace xylem::cli {

namespace {

struct ConfigOptions {
  std::optional<std::string> group;
  std::vector<std::string> arguments;  ///< Operation, key, value.
};

struct KeyName {
  std::string group;
  std::string key;
};

[[noreturn]] void complain(const std::string& message) {
  throw UsageError(message);
}

/// "section.key", or the key of --group.
KeyName key_name(const ConfigOptions& options) {
  const std::string& text = options.arguments.at(1);
  if (options.group) return {*options.group, text};
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) complain("Key must be of the form \"sectionname.keyname\"");
  return {text.substr(0, dot), text.substr(dot + 1)};
}

void require_key(const ConfigOptions& options) {
  if (options.arguments.size() >= 2) return;
  complain(options.group ? "Group name and key must be specified" : "KEY must be specified");
}

void get(const std::string& path, const ConfigOptions& options) {
  require_key(options);
  const KeyName name = key_name(options);
  const repo::KeyFile config = repo::load_config_of(path);
  if (!config.has_group(name.group))
    throw Error(ErrorKind::NotFound, fmt::format("Key file does not have group “{}”", name.group));
  const auto value = config.find_string(name.group, name.key);
  if (!value)
    throw Error(ErrorKind::NotFound,
                fmt::format("Key file does not have key “{}” in group “{}”", name.key, name.group));
  print_names(*value);
}

void set(const std::string& path, const ConfigOptions& options) {
  if (options.arguments.size() < 3)
    complain(options.group ? "GROUP name, KEY and VALUE must be specified"
                           : "KEY and VALUE must be specified");
  const KeyName name = key_name(options);
  repo::mend_config(
      path, [&](repo::KeyFile& config) { config.set(name.group, name.key, options.arguments[2]); });
  warn_of_misspelt_key(name.group, name.key);
}

void unset(const std::string& path, const ConfigOptions& options) {
  require_key(options);
  const KeyName name = key_name(options);
  repo::mend_config(path, [&](repo::KeyFile& config) { config.remove_key(name.group, name.key); });
}

void run_config(const CLI::App& command, const Globals& globals, const ConfigOptions& options) {
  if (options.arguments.empty()) usage_error(command, "OPERATION must be specified");
  const std::string& operation = options.arguments.front();
  const std::size_t expected = operation == "set" ? 3 : 2;
  if (options.arguments.size() > expected) usage_error(command, "Too many arguments given");
  const std::string path = existing_repo_path(globals);
  if (operation == "get") return get(path, options);
  if (operation == "set") return set(path, options);
  if (operation == "unset") return unset(path, options);
  complain("Unknown operation " + operation);
}

}  // namespace

void add_config(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<ConfigOptions>();
  CLI::App* command = add_command(app, globals, "config", "Change repo configuration settings",
                                  "(get KEY|set KEY VALUE|unset KEY)");
  add_value(*command, "--group", options->group, "Group name", "GROUP");
  may_be_empty(add_arguments(*command, "arguments", options->arguments));
  on_run(*command, [=, &globals] { run_config(*command, globals, *options); });
}

}  // namespace xylem::cli
