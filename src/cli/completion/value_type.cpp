#include "cli/completion/value_type.hpp"

#include <map>
#include <sstream>
#include <string_view>

#include "cli/frame/help_formatter.hpp"

namespace xylem::cli {

namespace {

using Kind = ValueType::Kind;

ValueType by_name(std::string_view name) {
  static const std::map<std::string_view, Kind> kinds{
      {"BRANCH", Kind::Ref},        {"COMMIT", Kind::Ref},
      {"DEST", Kind::Directory},    {"DESTINATION", Kind::Directory},
      {"DIR", Kind::Directory},     {"DIRECTORY", Kind::Directory},
      {"FILE", Kind::File},         {"HOMEDIR", Kind::Directory},
      {"KEYRING", Kind::File},      {"MOUNT-PATH", Kind::Directory},
      {"NEWREF", Kind::Ref},        {"OBJECT", Kind::Ref},
      {"PATH", Kind::File},         {"PREFIX", Kind::Ref},
      {"REF", Kind::Ref},           {"REFS", Kind::RefOfSource},
      {"REMOTE", Kind::Remote},     {"REPO", Kind::Directory},
      {"REV", Kind::Ref},           {"REV_OR_DIR", Kind::RefOrDirectory},
      {"SRC_REPO", Kind::Directory}};
  const auto found = kinds.find(name);
  return {found == kinds.end() ? Kind::Free : found->second};
}

/// Options whose value has few names, or another meaning than help's word for it.
const std::map<std::string_view, ValueType>& options() {
  static const std::map<std::string_view, ValueType> types{
      {"finders", {Kind::Words, {"config", "mount", "config,mount"}}},
      {"keys-dir", {Kind::Directory}},
      {"keys-file", {Kind::File}},
      {"mode", {Kind::Words, {"archive", "bare", "bare-user", "bare-user-only"}}},
      {"progress", {Kind::Words, {"auto", "json", "line", "none", "plain"}}},
      {"repo", {Kind::Directory}},
      {"sign-type", {Kind::Words, {"ed25519", "spki"}}},
      {"subpath", {Kind::Free}},
      {"sysroot", {Kind::Directory}},
      {"tree", {Kind::Words, {"dir=", "ref="}}}};
  return types;
}

/// "get", "set" and "unset" of "(get KEY|set KEY VALUE|unset KEY)"; all of "bash|zsh|fish".
std::vector<std::string> alternatives(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string alternative; std::getline(stream, alternative, '|');)
    words.push_back(alternative.substr(0, alternative.find_first_of(" )]")));
  return words;
}

/// "BRANCH" of "[BRANCH[@COMMIT]...]". Empty for what is more than a name.
std::string name_of(std::string_view argument) {
  if (argument.starts_with('[')) argument.remove_prefix(1);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  return std::string(argument.substr(0, argument.find_first_not_of(letters)));
}

/// The argument at `position`, of which the last one may repeat; empty behind the last.
std::string argument_at(const std::string& usage, std::size_t position) {
  std::istringstream stream(usage);
  std::string argument;
  for (std::size_t number = 0; stream >> argument; ++number)
    if (number == position) return argument;
  return argument.find("...") != std::string::npos ? argument : "";
}

/// Names that mean something else as an argument than as the value of an option.
ValueType by_command(const CLI::App& command, const std::string& name) {
  const CLI::App* group = command.get_parent();
  if (name == "BRANCH") return {Kind::RefOfRemote};
  if (name == "PATH") return {command.get_name() == "commit" ? Kind::Directory : Kind::Free};
  if (name == "NAME" && command.get_name() == "abort") return {Kind::Transfer};
  const bool of_remote = group != nullptr && group->get_name() == "remote";
  if (name == "NAME" && of_remote && command.get_name() != "add") return {Kind::Remote};
  return by_name(name);
}

}  // namespace

std::vector<std::string> options_with_own_type() {
  std::vector<std::string> names;
  for (const auto& [name, type] : options()) names.emplace_back(name);
  return names;
}

ValueType value_type(const CLI::Option& option) {
  for (const std::string& name : option.get_lnames())
    if (const auto found = options().find(name); found != options().end()) return found->second;
  return by_name(option.get_type_name());
}

ValueType argument_type(const CLI::App& command, std::size_t position) {
  const std::string usage = usage_arguments(command);
  if (usage.starts_with('(')) {
    if (position == 1 && command.get_name() == "config") return {Kind::ConfigKey};
    if (position > 0) return {};
    return {Kind::Words, alternatives(std::string_view(usage).substr(1))};
  }
  return by_command(command, name_of(argument_at(usage, position)));
}

}  // namespace xylem::cli
