#include <fmt/format.h>

#include <memory>

#include "cli/commands/cmd.hpp"
#include "cli/frame/collection_arguments.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "pull/jobs/create_usb.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct CreateUsbCommand {
  std::vector<std::string> arguments;  ///< Where the volume is mounted, and pairs.
  std::string destination_repo = ".ostree/repo";
  std::string commit;
  bool disable_fsync = false;
};

pull::UsbRequest request_of(const CLI::App& command, const CreateUsbCommand& usb) {
  if (usb.arguments.empty()) usage_error(command, "A MOUNT-PATH must be specified");
  pull::UsbRequest request;
  request.volume = usb.arguments.front();
  request.repo = usb.destination_repo;
  request.refs = parse_collection_refs(command, usb.arguments, 1);
  request.fsync = !usb.disable_fsync;
  if (!usb.commit.empty()) request.commit = Checksum::parse(usb.commit);
  if (request.commit && request.refs.size() > 1)
    usage_error(command,
                "The --commit option can only be used when a single COLLECTION-ID REF pair is "
                "specified");
  return request;
}

void run(const CLI::App& command, const Globals& globals, const CreateUsbCommand& usb) {
  const pull::UsbRequest request = request_of(command, usb);
  const repo::Repo source = open_repo(globals);
  const InterruptWatcher interrupt;
  pull::create_usb(source, request, interrupt.token());
  fmt::print("Copied {0}/{0} refs successfully from ‘{1}’ to ‘{2}’ repository in ‘{3}’.\n",
             request.refs.size(), source.path(), request.repo, request.volume);
}

}  // namespace

void add_create_usb(CLI::App& app, Globals& globals) {
  auto usb = std::make_shared<CreateUsbCommand>();
  CLI::App* command = add_command(app, globals, "create-usb", "Copy the refs to a USB stick",
                                  "MOUNT-PATH COLLECTION-ID REF [COLLECTION-ID REF...]");
  add_flag(*command, "--disable-fsync", usb->disable_fsync, "Do not invoke fsync()");
  add_value(*command, "--destination-repo", usb->destination_repo,
            "Use custom repository directory within the mount", "DEST");
  add_value(*command, "--commit", usb->commit,
            "Pull a specific commit (only works when a single ref is specified)", "COMMIT");
  add_arguments(*command, "arguments", usb->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, *usb); });
}

}  // namespace xylem::cli
