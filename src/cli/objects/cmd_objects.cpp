#include "cli/objects/cmd_objects.hpp"

#include <fmt/format.h>

#include "base/error_list.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/objects/open_store.hpp"
#include "cli/progress/json_text.hpp"
#include "cli/progress/progress_text.hpp"
#include "cli/text/object_text.hpp"

namespace xylem::cli {

namespace {

Json object_json(const ObjectInfo& info) {
  return {{"object", info.object},   {"stored_bytes", info.stored_bytes}, {"bytes", info.bytes},
          {"changed", info.changed}, {"parent", info.of_parent},          {"labels", info.labels}};
}

void print_object(const ObjectInfo& info) {
  fmt::print("{}\n  Bytes: {}\n  Stored bytes: {}\n  Changed: {}\n", info.object, info.bytes,
             info.stored_bytes, timestamp_text(static_cast<std::uint64_t>(info.changed)));
  if (info.of_parent) fmt::print("  In a parent repository\n");
  for (const auto& [label, value] : info.labels)
    cli::print_names(fmt::format("  Label {}={}", label, value));
}

struct ListCommand {
  std::vector<std::string> kinds;
  std::string older_than, newer_than, label;
  bool reachable = false;
  bool unreachable = false;
  bool json = false;
  ObjectFilter filter;
};

ObjectFilter filter_of(const CLI::App& command, const ListCommand& list) {
  if (list.reachable && list.unreachable)
    usage_error(command, "Cannot specify both --reachable and --unreachable");
  ObjectFilter filter = list.filter;
  filter.kinds = {list.kinds.begin(), list.kinds.end()};
  filter.changed_before = time_argument(list.older_than);
  filter.changed_since = time_argument(list.newer_than);
  if (list.reachable || list.unreachable) filter.reachable = list.reachable;
  const std::size_t equals = list.label.find('=');
  filter.label = list.label.substr(0, equals);
  if (equals != std::string::npos) filter.label_value = list.label.substr(equals + 1);
  return filter;
}

void list_objects(const CLI::App& command, const Globals& globals, const ListCommand& list) {
  const ObjectFilter filter = filter_of(command, list);
  const InterruptWatcher interrupt;
  Json array = Json::array();
  open_store(globals).walk(
      filter,
      [&](const ObjectInfo& info) {
        if (list.json)
          array.push_back(object_json(info));
        else
          fmt::print("{}\n", info.object);
        return true;
      },
      interrupt.token());
  if (list.json) print_json_line({{"objects", std::move(array)}});
}

void show_objects(const Globals& globals, const std::vector<std::string>& arguments, bool json) {
  const ObjectStore store = open_store(globals);
  Json array = Json::array();
  for (const std::string& object : object_arguments(globals, arguments)) {
    const ObjectInfo info = store.info(object);
    if (json)
      array.push_back(object_json(info));
    else
      print_object(info);
  }
  if (json) print_json_line({{"objects", std::move(array)}});
}

void remove_objects(const Globals& globals, const std::vector<std::string>& arguments, bool json) {
  const InterruptWatcher interrupt;
  const RemovedObjects removed =
      open_store(globals).remove(object_arguments(globals, arguments), interrupt.token());
  ErrorList failures;
  for (const Error& error : removed.failures) failures.add(error);
  if (json)
    print_json_line({{"objects", removed.objects},
                     {"bytes_freed", removed.bytes_freed},
                     {"failures", json_of(failures)}});
  else
    fmt::print("Deleted {} objects, {} freed\n", removed.objects, format_size(removed.bytes_freed));
  failures.throw_if_any("Some objects could not be deleted");
}

}  // namespace

void add_objects_list(CLI::App& group, Globals& globals) {
  auto list = std::make_shared<ListCommand>();
  CLI::App* command = add_command(group, globals, "list", "List objects");
  add_list(*command, "--kind", list->kinds, "Only those of this kind (may be given several times)",
           "KIND");
  add_value(*command, "--prefix", list->filter.prefix, "Only those whose checksum begins with HEX",
            "HEX");
  add_value(*command, "--older-than", list->older_than, "Only those that changed before DATE",
            "DATE");
  add_value(*command, "--newer-than", list->newer_than, "Only those that changed since DATE",
            "DATE");
  add_flag(*command, "--reachable", list->reachable, "Only what a ref or a lease leads to");
  add_flag(*command, "--unreachable", list->unreachable, "Only what no ref and no lease leads to");
  add_value(*command, "--label", list->label,
            "Only those with this label, or with this value of it", "NAME[=VALUE]");
  add_flag(*command, "--json", list->json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { list_objects(*command, globals, *list); });
}

void add_objects_info(CLI::App& group, Globals& globals) {
  auto objects = std::make_shared<std::vector<std::string>>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(group, globals, "info", "Show sizes, time and labels of objects", "OBJECT...");
  require(add_arguments(*command, "object", *objects));
  add_flag(*command, "--json", *json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { show_objects(globals, *objects, *json); });
}

void add_objects_rm(CLI::App& group, Globals& globals) {
  auto objects = std::make_shared<std::vector<std::string>>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(group, globals, "rm", "Delete objects that nothing needs", "OBJECT...");
  require(add_arguments(*command, "object", *objects));
  add_flag(*command, "--json", *json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { remove_objects(globals, *objects, *json); });
}

void add_objects(CLI::App& app, Globals& globals) {
  CLI::App* group =
      add_plain_command(app, "objects", "List, read, add and delete single objects", "COMMAND");
  add_objects_list(*group, globals);
  add_objects_info(*group, globals);
  add_objects_cat(*group, globals);
  add_objects_add(*group, globals);
  add_objects_rm(*group, globals);
}

}  // namespace xylem::cli
