#include <fmt/format.h>

#include "cli/frame/input_file.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/gpg_import.hpp"
#include "cli/remote/remote_config.hpp"
#include "object/names.hpp"
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

void require_new(const std::string& name) {
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Remote configuration for \"{}\" already exists: (in config)", name))
      .hint("Use --force to replace it, or --if-not-exists to keep it.");
}

void write(repo::Repo& repo, const std::string& name, const ConfigKeys& keys) {
  const std::string group = repo::remote_group(name);
  repo::KeyFile config = repo.key_file();
  config.remove_group(group);
  for (const auto& [key, value] : keys) config.set(group, key, value);
  repo.write_config(std::move(config));
}

void run(const CLI::App& command, const Globals& globals, RemoteAddCommand add) {
  take_arguments(command, add);
  if (add.if_not_exists && add.force)
    usage_error(command, "Can only specify one of --if-not-exists and --force");
  const ConfigKeys keys = remote_keys(add.remote);
  repo::Repo repo = open_writable_repo(globals);
  object::validate_remote_name(add.remote.name);
  if (repo.has_remote(add.remote.name)) {
    if (add.if_not_exists) return;
    if (!add.force) require_new(add.remote.name);
  }
  write(repo, add.remote.name, keys);
  if (!add.gpg_import) return;
  const std::string text = read_input_file(*add.gpg_import);
  const GpgImport import =
      import_gpg_keys(repo, add.remote.name, *add.gpg_import, Bytes(text.begin(), text.end()));
  print_gpg_import(import, add.remote.name);
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
