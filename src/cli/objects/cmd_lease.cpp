#include <fmt/format.h>

#include <ctime>

#include "base/printable.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/objects/cmd_objects.hpp"
#include "cli/objects/open_store.hpp"
#include "cli/progress/json_text.hpp"
#include "cli/text/object_text.hpp"

namespace xylem::cli {

namespace {

Json lease_json(const Lease& lease) {
  Json object = {{"name", lease.name},
                 {"created", lease.created},
                 {"ended", lease.has_ended(std::time(nullptr))},
                 {"note", lease.note},
                 {"objects", lease.objects}};
  if (lease.ends) object["ends"] = *lease.ends;
  return object;
}

std::string end_text(const Lease& lease) {
  if (!lease.ends) return "never";
  return timestamp_text(static_cast<std::uint64_t>(*lease.ends)) +
         (lease.has_ended(std::time(nullptr)) ? " (ended)" : "");
}

void print_lease(const Lease& lease) {
  fmt::print("{}\n  Ends: {}\n", printable(lease.name), end_text(lease));
  if (!lease.note.empty()) fmt::print("  Note: {}\n", printable(lease.note));
  for (const std::string& object : lease.objects) fmt::print("  {}\n", printable(object));
}

void list_leases(const Globals& globals, bool json) {
  const auto leases = open_store(globals).leases();
  if (json) {
    Json array = Json::array();
    for (const Lease& lease : leases) array.push_back(lease_json(lease));
    return print_json_line({{"leases", std::move(array)}});
  }
  if (leases.empty()) fmt::print("No leases\n");
  for (const Lease& lease : leases) print_lease(lease);
}

struct LeaseCommand {
  LeaseRequest request;
  std::vector<std::string> objects;
  std::string ends;
  std::int64_t seconds = 0;
  bool json = false;
};

void grant(const CLI::App& command, const Globals& globals, LeaseCommand lease) {
  if (!lease.ends.empty() && lease.seconds != 0)
    usage_error(command, "Cannot specify both --ends and --for");
  lease.request.ends = time_argument(lease.ends);
  if (lease.seconds != 0) lease.request.ends = std::time(nullptr) + lease.seconds;
  lease.request.objects = object_arguments(globals, lease.objects);
  const Lease granted = open_store(globals).lease(lease.request);
  if (lease.json)
    print_json_line(lease_json(granted));
  else
    fmt::print("{}\n", granted.name);
}

void add_lease_add(CLI::App& group, Globals& globals) {
  auto lease = std::make_shared<LeaseCommand>();
  CLI::App* command =
      add_command(group, globals, "add", "Make a lease, or renew one", "[OBJECT...]");
  add_arguments(*command, "objects", lease->objects);
  add_value(*command, "--name", lease->request.name, "Its name; one is made up by default", "NAME");
  add_value(*command, "--note", lease->request.note, "Who wants this, and why", "TEXT");
  add_value(*command, "--ends", lease->ends, "When it ends (default: never)", "DATE");
  add_duration(*command, "--for", lease->seconds, "Let it end so much later than now");
  add_flag(*command, "--json", lease->json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { grant(*command, globals, *lease); });
}

void add_lease_list(CLI::App& group, Globals& globals) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = add_command(group, globals, "list", "List leases");
  add_flag(*command, "--json", *json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { list_leases(globals, *json); });
}

void add_lease_rm(CLI::App& group, Globals& globals) {
  auto names = std::make_shared<std::vector<std::string>>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command = add_command(group, globals, "rm", "Release leases", "LEASE...");
  require(add_arguments(*command, "lease", *names));
  add_flag(*command, "--json", *json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] {
    ObjectStore store = open_store(globals);
    for (const std::string& name : *names) store.release(name);
    if (*json) print_json_line({{"released", *names}});
  });
}

}  // namespace

void add_lease(CLI::App& app, Globals& globals) {
  CLI::App* group = add_plain_command(app, "lease", "Keep objects that no ref leads to", "COMMAND");
  add_lease_add(*group, globals);
  add_lease_list(*group, globals);
  add_lease_rm(*group, globals);
}

}  // namespace xylem::cli
