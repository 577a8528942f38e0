#include <fmt/format.h>

#include "base/os/os.hpp"
#include "cli/commands/cmd.hpp"
#include "cli/frame/usage_error.hpp"
#include "tree/disk_checksum.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

struct ChecksumCommand {
  tree::DiskChecksumOptions options;
  std::vector<std::string> paths;
};

void run(const CLI::App& command, const ChecksumCommand& checksum) {
  if (checksum.paths.empty()) usage_error(command, "A filename must be given");
  const PathAt path{FileDescriptor::cwd(), checksum.paths.front()};
  const auto info = os::try_stat(path);
  if (!info)
    throw Error(ErrorKind::NotFound,
                fmt::format("{}: No such file or directory", checksum.paths.front()));
  fmt::print("{}\n", tree::disk_checksum(path, *info, checksum.options).hex());
}

}  // namespace

void add_checksum(CLI::App& app, Globals&) {
  auto checksum = std::make_shared<ChecksumCommand>();
  CLI::App* command = add_plain_command(app, "checksum", "Checksum a file or directory", "PATH");
  add_flag(*command, "--ignore-xattrs", checksum->options.ignore_xattrs,
           "Don't include xattrs in checksum");
  add_arguments(*command, "path", checksum->paths, 1);
  on_run(*command, [=] { run(*command, *checksum); });
}

}  // namespace xylem::cli
