#include <fmt/format.h>

#include "cli/frame/input_file.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/gpg_import.hpp"
#include "pull/remote/verification.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct ImportOptions {
  std::optional<std::string> name;
  std::vector<std::string> ids;
  std::vector<std::string> keyrings;
  bool standard_input = false;
};

sign::GpgKeySource key_source(const std::string& name, const std::string& text) {
  return {name, Bytes(text.begin(), text.end())};
}

std::vector<sign::GpgKeySource> key_sources(const ImportOptions& options) {
  if (options.standard_input) return {key_source("standard input", read_standard_input())};
  if (options.keyrings.empty())
    return {{"your own keyring", sign::export_personal_keys(options.ids)}};
  std::vector<sign::GpgKeySource> sources;
  for (const std::string& path : options.keyrings)
    sources.push_back(key_source(path, read_input_file(path)));
  return sources;
}

void import(const CLI::App& command, const Globals& globals, const ImportOptions& options) {
  if (!options.name) usage_error(command, "NAME must be specified");
  if (options.standard_input && !options.keyrings.empty())
    usage_error(command, "--keyring and --stdin are mutually exclusive");
  repo::Repo repo = open_writable_repo(globals);
  repo.remote_key_file(*options.name);  // that there is such a remote
  print_gpg_import(
      import_gpg_keys(repo, *options.name, select_gpg_keys(key_sources(options), options.ids)),
      *options.name);
}

void list_keys(const Globals& globals, const std::optional<std::string>& name) {
  const repo::Repo repo = open_repo(globals);
  // Without a name, the keys for all remotes that have none of their own.
  const auto sources =
      name ? pull::own_gpg_keys_of(repo, repo.remote(*name))
           : pull::as_key_sources(repo::read_keyring_dir(repo::global_keyring_dir()));
  const sign::GpgKeyring keyring(sources);
  for (const sign::GpgKey& key : keyring.keys()) fmt::print("{}", describe(key));
}

}  // namespace

void add_remote_gpg(CLI::App& remote, Globals& globals) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* importing =
      add_command(remote, globals, "gpg-import", "Import GPG keys", "NAME [KEY-ID...]");
  add_list(*importing, "-k,--keyring", options->keyrings,
           "Import keys from a keyring file (repeatable)", "FILE");
  add_flag(*importing, "--stdin", options->standard_input, "Import keys from standard input");
  add_arguments(*importing, "name", options->name);
  add_arguments(*importing, "key-ids", options->ids);
  on_run(*importing, [=, &globals] { import(*importing, globals, *options); });

  auto name = std::make_shared<std::optional<std::string>>();
  CLI::App* listing = add_command(remote, globals, "gpg-list-keys", "Show remote GPG keys", "NAME");
  add_arguments(*listing, "name", *name);
  on_run(*listing, [=, &globals] { list_keys(globals, *name); });
}

}  // namespace xylem::cli
