// fault-server DIR [--port N] [--port-file FILE] [--log-file FILE] [--rules FILE] [--fault WORDS]…
//
// Serves DIR on loopback with the given faults until it is told to stop (SIGINT, SIGTERM); then
// writes how often each target was asked for to the log file: "COUNT TARGET" lines.

#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>

#include "base/os/os.hpp"
#include "support/fault_server.hpp"

namespace {

using xylem::test::Fault;
using xylem::test::parse_fault;

struct Arguments {
  std::string dir;
  std::uint16_t port = 0;
  std::string port_file;
  std::string log_file;
  std::string requests_file;
  std::string rules_file;
  std::vector<std::string> faults;
};

/// One fault a line; lines that begin with `#` are comments.
std::vector<Fault> read_faults(const Arguments& arguments) {
  std::vector<Fault> faults;
  for (const auto& words : arguments.faults) faults.push_back(parse_fault(words));
  if (arguments.rules_file.empty()) return faults;
  std::ifstream rules(arguments.rules_file);
  if (!rules) throw std::runtime_error("cannot read " + arguments.rules_file);
  for (std::string line; std::getline(rules, line);)
    if (!line.empty() && !line.starts_with('#')) faults.push_back(parse_fault(line));
  return faults;
}

void wait_for_signal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

void write_counts(const xylem::test::FaultServer& server, const std::string& file) {
  std::map<std::string, unsigned> counts;
  for (const auto& request : server.requests()) ++counts[request.target];
  std::ofstream log(file);
  for (const auto& [target, count] : counts) log << count << ' ' << target << '\n';
}

/// Status and target of each request, in order.
void write_requests(const xylem::test::FaultServer& server, const std::string& file) {
  std::ofstream log(file);
  for (const auto& request : server.requests())
    log << request.status << ' ' << request.target << '\n';
}

void serve(const Arguments& arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the server's thread begins
  const auto root = xylem::os::open_dir({xylem::FileDescriptor::cwd(), arguments.dir});
  xylem::test::FaultServer server(root, arguments.port);
  server.set_faults(read_faults(arguments));
  std::cout << server.url() << std::endl;
  if (!arguments.port_file.empty()) std::ofstream(arguments.port_file) << server.port() << '\n';
  wait_for_signal(signals);
  if (!arguments.log_file.empty()) write_counts(server, arguments.log_file);
  if (!arguments.requests_file.empty()) write_requests(server, arguments.requests_file);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("An HTTP server with faults");
  Arguments arguments;
  app.add_option("dir", arguments.dir)->required();
  app.add_option("--port", arguments.port);
  app.add_option("--port-file", arguments.port_file);
  app.add_option("--log-file", arguments.log_file);
  app.add_option("--requests-file", arguments.requests_file);
  app.add_option("--rules", arguments.rules_file);
  app.add_option("--fault", arguments.faults)->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  try {
    serve(arguments);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
