// pull-child REPO REF… [--at N] [--errno N] [--from-now-on] [--count]
//
// Pulls from "origin", and is killed at the N-th call of the operating system; with --errno the
// call fails instead. Prints why it failed, or with --count
// how many calls it made. Exit status: 0 if the pull is
// complete, 1 if it ended in an Error, 2 if in anything else, 3 if it left descriptors open.

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/interrupter.hpp"
#include "pull/session.hpp"
#include "xylem/error.hpp"

namespace {

using namespace xylem;

struct Arguments {
  std::string repo;
  PullOptions options;
  test::Interruption interruption;
  bool count = false;
};

std::size_t open_descriptors() {
  return list_directory(os::open_dir({FileDescriptor::cwd(), "/proc/self/fd"})).size();
}

int pull(const Arguments& arguments) {
  test::Interrupter interrupter(arguments.interruption);
  const os::ObserverScope scope(interrupter);
  try {
    repo::Repo repo = repo::Repo::open(arguments.repo);
    pull::run(repo, arguments.options, nullptr, {});
  } catch (const xylem::Error& error) {
    std::cout << name(error.kind()) << ": " << error.what() << '\n';
    return 1;
  }
  if (arguments.count) std::cout << interrupter.calls() << '\n';
  return 0;
}

int run(const Arguments& arguments) {
  const std::size_t before = open_descriptors();
  const int status = pull(arguments);
  const std::size_t after = open_descriptors();
  if (after == before) return status;
  std::cout << before << " descriptors were open, now " << after << '\n';
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A pull that is interrupted");
  Arguments arguments;
  arguments.options.remote = "origin";
  arguments.options.network_retries = 0;
  app.add_option("repo", arguments.repo)->required();
  app.add_option("refs", arguments.options.refs)->required();
  app.add_option("--at", arguments.interruption.at);
  app.add_option("--errno", arguments.interruption.error_number);
  app.add_flag("--from-now-on", arguments.interruption.from_now_on);
  app.add_flag("--count", arguments.count);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(arguments);
  } catch (const std::exception& error) {
    std::cout << "not an Error: " << error.what() << '\n';
    return 2;
  }
}
