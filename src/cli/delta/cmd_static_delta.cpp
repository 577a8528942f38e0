#include "cli/delta/cmd_static_delta.hpp"

#include <fmt/format.h>

#include "cli/progress/json_text.hpp"
#include "delta/store/delta_store.hpp"
#include "repo/refs/static_deltas.hpp"

namespace xylem::cli {

namespace {

struct JsonOption {
  bool json = false;
};

/// One name a line, or all of them in a JSON object.
void print_list(const std::vector<std::string>& names, const std::string& key, bool json,
                const std::string& none) {
  if (json) return print_json_line(Json{{key, names}});
  if (names.empty()) fmt::print("{}\n", none);
  for (const std::string& name : names) fmt::print("{}\n", name);
}

void list_deltas(const Globals& globals, bool json) {
  const repo::Repo repo = open_repo(globals);
  std::vector<std::string> names;
  for (const delta::DeltaName& name : repo::list_delta_names(repo)) names.push_back(name.text());
  print_list(names, "deltas", json, "(No static deltas)");
}

void list_indexes(const Globals& globals, bool json) {
  const repo::Repo repo = open_repo(globals);
  std::vector<std::string> commits;
  for (const Checksum& commit : repo::list_delta_indexes(repo)) commits.push_back(commit.hex());
  print_list(commits, "indexes", json, "(No static deltas indexes)");
}

std::optional<Checksum> parse_target(const std::optional<std::string>& to) {
  if (!to) return std::nullopt;
  const auto commit = Checksum::from_hex(*to);
  if (!commit)
    throw Error(ErrorKind::InvalidArgument, "Invalid rev " + *to)
        .hint("--to wants the checksum of a commit.");
  return commit;
}

}  // namespace

void add_delta_list(CLI::App& group, Globals& globals) {
  auto options = std::make_shared<JsonOption>();
  CLI::App* command = add_command(group, globals, "list", "List static delta files");
  add_flag(*command, "--json", options->json, "Print the names as one JSON object");
  on_run(*command, [=, &globals] { list_deltas(globals, options->json); });
}

void add_delta_indexes(CLI::App& group, Globals& globals) {
  auto options = std::make_shared<JsonOption>();
  CLI::App* command = add_command(group, globals, "indexes", "List static delta indexes");
  add_flag(*command, "--json", options->json, "Print the commits as one JSON object");
  on_run(*command, [=, &globals] { list_indexes(globals, options->json); });
}

void add_delta_reindex(CLI::App& group, Globals& globals) {
  auto to = std::make_shared<std::optional<std::string>>();
  CLI::App* command = add_command(group, globals, "reindex", "Regenerate static delta indexes");
  add_value(*command, "--to", *to, "Only update delta index to revision REV", "REV");
  on_run(*command, [=, &globals] {
    repo::Repo repo = open_writable_repo(globals);
    delta::reindex(repo, parse_target(*to));
  });
}

void add_delta_delete(CLI::App& group, Globals& globals) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = add_command(group, globals, "delete", "Remove a delta", "DELTA");
  add_arguments(*command, "DELTA", *name);
  on_run(*command, [=, &globals] {
    repo::Repo repo = open_writable_repo(globals);
    if (name->empty()) throw Error(ErrorKind::InvalidArgument, "DELTA must be specified");
    delta::delete_delta(repo, delta::require_delta_name(*name));
  });
}

void add_static_delta(CLI::App& app, Globals& globals) {
  CLI::App* group =
      add_plain_command(app, "static-delta", "Static delta related commands", "COMMAND");
  add_delta_list(*group, globals);
  add_delta_show(*group, globals);
  add_delta_delete(*group, globals);
  add_delta_generate(*group, globals);
  add_delta_apply(*group, globals);
  add_delta_verify(*group, globals);
  add_delta_indexes(*group, globals);
  add_delta_reindex(*group, globals);
}

}  // namespace xylem::cli
