#include <cstdio>

#include "base/stream.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/usage_error.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "tree/read_file.hpp"

namespace xylem::cli {

namespace {

void print_file(const repo::LoadedFile& file) {
  Bytes buffer(stream_buffer_size);
  while (const std::size_t count = file.content->read(buffer))
    if (std::fwrite(buffer.data(), 1, count, stdout) != count)
      throw Error(ErrorKind::Io, "Writing to standard output failed");
}

void run(const CLI::App& command, const Globals& globals,
         const std::vector<std::string>& arguments) {
  if (arguments.size() < 2)
    usage_error(command, "A COMMIT and at least one PATH argument are required");
  const repo::Repo repo = open_repo(globals);
  const repo::ReadLock lock(repo);
  const Checksum commit = repo::resolve_rev(repo, arguments.front());
  for (std::size_t i = 1; i < arguments.size(); ++i)
    print_file(tree::read_file(repo, commit, arguments[i]));
}

}  // namespace

void add_cat(CLI::App& app, Globals& globals) {
  auto arguments = std::make_shared<std::vector<std::string>>();
  CLI::App* command =
      add_command(app, globals, "cat", "Concatenate contents of files", "COMMIT PATH...");
  may_be_empty(add_arguments(*command, "arguments", *arguments));
  on_run(*command, [=, &globals] { run(*command, globals, *arguments); });
}

}  // namespace xylem::cli
