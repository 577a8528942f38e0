#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/os/os.hpp"
#include "cli/commands/access_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/values.hpp"
#include "cli/shared/served_path.hpp"
#include "repo/config/config_file.hpp"
#include "repo/repo.hpp"
#include "server/static_server.hpp"

namespace xylem::cli {

namespace {

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::optional<std::string> directory;
  std::optional<std::string> port_file;
  std::optional<std::string> log_file;
  std::optional<std::string> misbehave;
};

std::string directory_of(const Globals& globals, const ServeOptions& options) {
  return options.directory ? *options.directory : open_repo(globals).path();
}

void tell_port(const ServeOptions& options, const std::string& directory, std::uint16_t port) {
  const bool v6 = options.address.find(':') != std::string::npos;
  fmt::print("Serving {} on http://{}{}{}:{}/\n", directory, v6 ? "[" : "", options.address,
             v6 ? "]" : "", port);
  std::fflush(stdout);
  if (!options.port_file) return;
  // Whoever waits for the file finds it whole.
  repo::replace_file({FileDescriptor::cwd(), *options.port_file},
                     as_bytes(std::to_string(port) + "\n"));
}

/// What clients read of a configuration. The rest may hold passwords.
std::string public_config(FileDescriptor root, std::string_view path) {
  const PathAt config{root, std::string(path)};
  const UniqueFd file = os::open_beneath(config, O_RDONLY | O_NONBLOCK);
  os::require_regular(file, config);
  const auto keys = repo::KeyFile::parse(os::read_file(file, repo::largest_config), path);
  std::string text = "[core]\n";
  for (const char* key : {"repo_version", "mode", "tombstone-commits", "collection-id"})
    if (const auto value = keys.find_string("core", key))
      text += fmt::format("{}={}\n", key, *value);
  return text;
}

server::Served choose(FileDescriptor root, std::string_view path) {
  switch (served_path(path)) {
    case ServedPath::Nothing:
      return server::ServeNothing{};
    case ServedPath::File:
      return server::ServeFile{};
    case ServedPath::Config:
      break;
  }
  return public_config(root, path);
}

void run(const Globals& globals, const ServeOptions& options) {
  const std::string directory = directory_of(globals, options);
  const UniqueFd root = os::open_dir({FileDescriptor::cwd(), directory});
  std::optional<AccessLog> log;
  if (options.log_file) log.emplace(*options.log_file);

  const InterruptWatcher interrupt;
  boost::asio::io_context io{1};
  server::StaticServer::Options server_options;
  server_options.root = root;
  server_options.choose = [&root](std::string_view path) { return choose(root, path); };
  server_options.listen.address = options.address;
  server_options.listen.port = options.port;
  if (options.misbehave) {
    server_options.misbehaviour = server::parse_misbehaviour(*options.misbehave);
    if (const unsigned queue = server_options.misbehaviour->queue; queue != 0)
      server_options.listen.backlog = static_cast<int>(queue);
  }
  if (log) server_options.on_request = [&](const auto& record) { log->write(record); };
  server::StaticServer server(io.get_executor(), server_options);
  tell_port(options, directory, server.port());
  const auto registration =
      interrupt.token().on_cancel([&] { boost::asio::post(io, [&] { server.stop(); }); });
  io.run();
}

}  // namespace

void add_serve(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      add_command(app, globals, "serve", "Serve a repository over HTTP", "[DIRECTORY]");
  add_value(*command, "--address", options->address,
            "IP address to listen on (default: 127.0.0.1, reachable only from this machine)",
            "ADDRESS");
  add_integer(*command, "-p,--port", options->port, {.most = 65535},
              "Port to listen on (default: 0, any free port)", "PORT");
  add_value(*command, "--port-file", options->port_file,
            "Write the port number to FILE once the server is listening", "FILE");
  add_value(*command, "--log-file", options->log_file, "Append one line per request to FILE",
            "FILE");
  add_value(*command, "--misbehave", options->misbehave,
            "Serve as over a bad link, to try out clients: gprs, satellite, hotel-portal, "
            "overloaded-mirror, corporate-proxy, old-server, half-answers, or words such as "
            "rate=12000,delay=600",
            "HOW");
  add_arguments(*command, "directory", options->directory);
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
