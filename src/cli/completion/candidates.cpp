#include "cli/completion/candidates.hpp"

#include <dirent.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "cli/completion/value_type.hpp"
#include "cli/frame/help_formatter.hpp"
#include "repo/config/known_keys.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

using Kind = ValueType::Kind;

/// How the directories of pulls in tmp/ begin.
constexpr std::string_view pull_directory = "fetch-";
using Lines = std::vector<std::string>;

std::string described(const std::string& word, const std::string& description) {
  return description.empty() ? word : word + '\t' + description;
}

Lines command_names(const CLI::App& group) {
  Lines lines;
  for (const CLI::App* command : group.get_subcommands({}))
    lines.push_back(described(command->get_name(), command->get_description()));
  if (group.get_parent() == nullptr && group.get_name() != "ostree")
    lines.push_back(described("help", "Explain a command"));
  return lines;
}

std::string option_word(const CLI::Option& option) {
  if (option.get_lnames().empty()) return "-" + option.get_snames().front();
  return "--" + option.get_lnames().front() + (takes_value(option) ? "=" : "");
}

/// Also --repo, where only the commands below have it.
Lines option_names(const CLI::App& command) {
  std::vector<const CLI::Option*> options = command.get_options([](const CLI::Option* option) {
    return option->nonpositional() && !option->get_group().empty();
  });
  const CLI::Option* repo = find_option(command, "--repo");
  if (repo != nullptr && std::find(options.begin(), options.end(), repo) == options.end())
    options.push_back(repo);
  Lines lines;
  for (const CLI::Option* option : options)
    lines.push_back(described(option_word(*option), option->get_description()));
  return lines;
}

/// All refs: "REF", and "REMOTE:REF" of remotes.
Lines refs(const repo::Repo& repo) {
  Lines lines;
  for (const auto& [spec, entry] : repo::list_refs(repo, {}, [](const auto&, const auto&) {}))
    lines.push_back(spec.remote ? *spec.remote + ':' + spec.ref : spec.ref);
  return lines;
}

Lines remotes(const Cursor& cursor, const repo::Repo& repo) {
  return cursor.typed.find(':') == std::string::npos ? repo.remote_names() : refs(repo);
}

Lines refs_of_remote(const Cursor& cursor, const repo::Repo& repo) {
  const std::string start = cursor.arguments.front() + ':';
  Lines lines;
  for (const std::string& ref : refs(repo))
    if (ref.starts_with(start)) lines.push_back(ref.substr(start.size()));
  return lines;
}

/// Directories of pulls. Files in them have long names that nobody types.
Lines transfers(const repo::Repo& repo) {
  Lines lines;
  if (!repo.tmp().valid()) return lines;
  for (const DirEntry& entry : list_directory(repo.tmp()))
    if (entry.type == DT_DIR && entry.name.starts_with(pull_directory)) lines.push_back(entry.name);
  return lines;
}

Lines config_keys() {
  Lines lines;
  for (const std::string& key : repo::known_core_keys()) lines.push_back("core." + key);
  return lines;
}

/// Names in a repository. Whatever is wrong with it, there is nothing to offer then.
Lines names_in(const Cursor& cursor, Kind kind, const std::string& path) {
  try {
    const repo::Repo repo = repo::Repo::open(path);
    if (kind == Kind::Transfer) return transfers(repo);
    if (kind == Kind::Remote) return remotes(cursor, repo);
    return kind == Kind::RefOfRemote ? refs_of_remote(cursor, repo) : refs(repo);
  } catch (const std::exception&) {
    return {};
  }
}

Lines values(const Cursor& cursor, const ValueType& type, const std::string& repo) {
  switch (type.kind) {
    case Kind::Free:
      return {};
    case Kind::Words:
      return type.words;
    case Kind::File:
      return {":files"};
    case Kind::Directory:
      return {":directories"};
    case Kind::ConfigKey:
      return config_keys();
    case Kind::RefOfSource:
      return names_in(cursor, type.kind, cursor.arguments.front());
    case Kind::RefOrDirectory: {
      Lines lines = names_in(cursor, type.kind, repo);
      lines.emplace_back(":directories");
      return lines;
    }
    case Kind::Remote:
    case Kind::Ref:
    case Kind::RefOfRemote:
    case Kind::Transfer:
      return names_in(cursor, type.kind, repo);
  }
  return {};
}

Lines everything(const Cursor& cursor, const std::string& repo) {
  switch (cursor.place) {
    case Cursor::Place::Nowhere:
      return {};
    case Cursor::Place::Command:
      return command_names(*cursor.command);
    case Cursor::Place::OptionName:
      return option_names(*cursor.command);
    case Cursor::Place::OptionValue:
      return values(cursor, value_type(*cursor.option), repo);
    case Cursor::Place::Argument:
      return values(cursor, argument_type(*cursor.command, cursor.arguments.size()), repo);
  }
  return {};
}

}  // namespace

std::vector<std::string> candidates(const Cursor& cursor, const std::string& repo) {
  Lines lines;
  for (const std::string& line : everything(cursor, repo)) {
    if (line.starts_with(':'))
      lines.push_back(line);
    else if (line.starts_with(cursor.typed))
      lines.push_back(cursor.prefix + line);
  }
  return lines;
}

}  // namespace xylem::cli
