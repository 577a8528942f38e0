#include "cli/commands/cmd.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/shared/output_file.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "tree/export/export_tree.hpp"
#include "tree/locate_object.hpp"

namespace xylem::cli {

namespace {

struct ExportCommand {
  tree::ExportOptions options;
  bool no_xattrs = false;
  archive::Format format = archive::Format::GnuTar;
  std::optional<std::string> output;
  std::vector<std::string> arguments;
};

archive::Format parse_format(const std::string& text) {
  if (text == "gnu") return archive::Format::GnuTar;
  if (text == "pax") return archive::Format::PaxTar;
  throw UsageError("--format must be 'gnu' or 'pax', not '" + text + "'");
}

void write_archive(const repo::Repo& repo, const Checksum& commit, const ExportCommand& command,
                   FileDescriptor fd, const std::string& name) {
  archive::Writer writer(fd, name, command.format);
  tree::locating_objects(repo, commit,
                         [&] { tree::export_tree(repo, commit, command.options, writer); });
  writer.close();
}

void run(const CLI::App& app, const Globals& globals, ExportCommand command) {
  if (command.arguments.empty()) usage_error(app, "A COMMIT argument is required");
  const repo::Repo repo = open_repo(globals);
  const InterruptWatcher interrupt;
  const repo::ReadLock lock(repo, interrupt.token());
  const Checksum commit = repo::resolve_rev(repo, command.arguments.front());
  command.options.cancel = interrupt.token();
  command.options.xattrs = !command.no_xattrs;
  tree::require_exportable(repo, commit, command.options.subpath);
  if (!command.output)
    return write_archive(repo, commit, command, FileDescriptor(STDOUT_FILENO), "standard output");
  OutputFile file(*command.output);
  write_archive(repo, commit, command, file.fd(), *command.output);
  file.commit();
}

}  // namespace

void add_export(CLI::App& app, Globals& globals) {
  auto command = std::make_shared<ExportCommand>();
  CLI::App* subcommand =
      add_command(app, globals, "export", "Stream COMMIT to stdout in tar format", "COMMIT");
  add_flag(*subcommand, "--no-xattrs", command->no_xattrs, "Skip output of extended attributes");
  add_value(*subcommand, "--subpath", command->options.subpath, "Checkout sub-directory PATH",
            "PATH");
  add_value(*subcommand, "--prefix", command->options.prefix,
            "Add PATH as prefix to archive pathnames", "PATH");
  add_value(*subcommand, "-o,--output", command->output, "Output to PATH", "PATH");
  add_value(
      *subcommand, "--format",
      [command = command.get()](const std::string& text) { command->format = parse_format(text); },
      "Dialect: gnu (default), or pax, which keeps extended attributes", "gnu or pax");
  add_arguments(*subcommand, "arguments", command->arguments, 1);
  on_run(*subcommand, [=, &globals] { run(*subcommand, globals, *command); });
}

}  // namespace xylem::cli
