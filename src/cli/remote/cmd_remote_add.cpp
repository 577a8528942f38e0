#include <fmt/format.h>

#include "cli/frame/input_file.hpp"
#include "cli/frame/misspelt_key.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/gpg_import.hpp"
#include "cli/remote/remote_config.hpp"
#include "object/names/names.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct RemoteAddCommand {
  RemoteAddOptions remote;
  bool if_not_exists = false;
  bool force = false;
  std::optional<std::string> gpg_import;
  std::vector<std::string> arguments;  ///< Name, URL, branches.
};

void take_arguments(const CLI::App& command, RemoteAddCommand& add) {
  const std::size_t needed = add.remote.custom_backend ? 1 : 2;
  if (add.arguments.size() < needed)
    usage_error(command, needed == 1 ? "NAME must be specified" : "NAME and URL must be specified");
  add.remote.name = add.arguments[0];
  if (add.arguments.size() < 2) return;
  add.remote.url = add.arguments[1];
  add.remote.branches.assign(add.arguments.begin() + 2, add.arguments.end());
}

[[noreturn]] void throw_exists(const std::string& name) {
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Remote configuration for \"{}\" already exists: (in config)", name))
      .hint("Use --force to replace it, or --if-not-exists to keep it.");
}

/// As `ostree` does it: the new group comes last.
void replace_keys(repo::KeyFile& file, const std::string& group, const ConfigKeys& keys) {
  file.remove_group(group);
  for (const auto& [key, value] : keys) file.set(group, key, value);
}

void copy_group(const repo::KeyFile& from, const std::string& group, repo::KeyFile& to) {
  to.remove_group(group);
  if (!from.has_group(group)) return;
  for (const std::string& key : from.keys(group))
    to.set(group, key, from.find_string(group, key).value_or(""));
}

/// The file that holds the remote, as it was before.
std::optional<repo::KeyFile> write(repo::Repo& repo, const RemoteAddCommand& add,
                                   const ConfigKeys& keys) {
  std::optional<repo::KeyFile> before;
  repo.edit_remote(add.remote.name, [&](repo::KeyFile& file, bool exists) {
    if (exists && add.if_not_exists) return;
    if (exists && !add.force) throw_exists(add.remote.name);
    before = file;
    replace_keys(file, repo::remote_group(add.remote.name), keys);
  });
  return before;
}

/// All or nothing: without its keys the remote would be worth nothing.
void import_keys(repo::Repo& repo, const RemoteAddCommand& add, const repo::KeyFile& before,
                 const std::vector<sign::GpgKeySource>& keys) try {
  print_gpg_import(import_gpg_keys(repo, add.remote.name, keys), add.remote.name);
} catch (const Error&) {
  repo.edit_remote(add.remote.name, [&](repo::KeyFile& file, bool) {
    copy_group(before, repo::remote_group(add.remote.name), file);
  });
  throw;
}

std::vector<sign::GpgKeySource> keys_to_import(const RemoteAddCommand& add) {
  if (!add.gpg_import) return {};
  const std::string text = read_input_file(*add.gpg_import);
  return select_gpg_keys({{*add.gpg_import, Bytes(text.begin(), text.end())}});
}

void run(const CLI::App& command, const Globals& globals, RemoteAddCommand add) {
  take_arguments(command, add);
  if (add.if_not_exists && add.force)
    usage_error(command, "Can only specify one of --if-not-exists and --force");
  const ConfigKeys keys = remote_keys(add.remote);
  repo::Repo repo = open_writable_repo(globals);
  const auto gpg_keys = keys_to_import(add);
  const auto before = write(repo, add, keys);
  for (const auto& [key, value] : keys)
    warn_of_misspelt_key(repo::remote_group(add.remote.name), key);
  if (add.remote.url && add.remote.url->find("://") == std::string::npos)
    log_warning("'{}' is not a URL: nothing can be pulled from it", *add.remote.url);
  if (before && add.gpg_import) import_keys(repo, add, *before, gpg_keys);
}

void add_verification_options(CLI::App& command, RemoteAddCommand& add) {
  add_flag(command, "--no-gpg-verify", add.remote.no_gpg_verify, "Disable GPG verification");
  add_flag(command, "--no-sign-verify", add.remote.no_sign_verify,
           "Disable signature verification");
  add_list(command, "--sign-verify", add.remote.sign_verify,
           "Verify signatures using KEYTYPE=inline:PUBKEY or KEYTYPE=file:/path/to/key",
           "KEYTYPE=[inline|file]:PUBKEY");
}

void add_content_options(CLI::App& command, RemoteAddCommand& add) {
  add_value(command, "--custom-backend", add.remote.custom_backend,
            "This remote has content not fetched via libostree", "NAME");
  add_value(command, "--contenturl", add.remote.contenturl, "Use URL when fetching content", "URL");
  add_value(command, "--collection-id", add.remote.collection_id,
            "Globally unique ID for this repository as an collection of refs for "
            "redistribution to other repositories",
            "COLLECTION-ID");
}

}  // namespace

void add_remote_add(CLI::App& remote, Globals& globals) {
  auto add = std::make_shared<RemoteAddCommand>();
  CLI::App* command = add_command(remote, globals, "add", "Add a remote repository",
                                  "NAME [metalink=|mirrorlist=]URL [BRANCH...]");
  add_list(*command, "--set", add->remote.settings, "Set config option KEY=VALUE for remote",
           "KEY=VALUE");
  add_verification_options(*command, *add);
  add_flag(*command, "--if-not-exists", add->if_not_exists,
           "Do nothing if the provided remote exists");
  add_flag(*command, "--force", add->force, "Replace the provided remote if it exists");
  add_value(*command, "--gpg-import", add->gpg_import, "Import GPG key from FILE", "FILE");
  add_content_options(*command, *add);
  add_sysroot_option(*command, globals);
  add_arguments(*command, "arguments", add->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, *add); });
}

}  // namespace xylem::cli
