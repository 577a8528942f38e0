#include <fmt/format.h>

#include "cli/frame/out.hpp"
#include "cli/frame/values.hpp"
#include "cli/objects/cmd_objects.hpp"
#include "cli/objects/open_store.hpp"
#include "cli/progress/json_text.hpp"

namespace xylem::cli {

namespace {

struct LabelCommand {
  std::vector<std::string> arguments;  ///< The object, then "NAME=VALUE".
  std::vector<std::string> remove;
  bool json = false;
};

void run(const Globals& globals, const LabelCommand& label) {
  const std::string object = object_argument(globals, label.arguments.front());
  std::map<std::string, std::optional<std::string>> changes;
  for (const std::string& name : label.remove) changes.emplace(name, std::nullopt);
  for (std::size_t at = 1; at < label.arguments.size(); ++at) {
    const auto [name, value] = parse_key_value("NAME=VALUE", label.arguments[at]);
    changes.insert_or_assign(name, value);
  }
  const auto labels = open_store(globals).label(object, changes);
  if (label.json) return print_json_line({{"object", object}, {"labels", labels}});
  for (const auto& [name, value] : labels) cli::print_names(fmt::format("{}={}", name, value));
}

}  // namespace

void add_label(CLI::App& app, Globals& globals) {
  auto label = std::make_shared<LabelCommand>();
  CLI::App* command = add_command(app, globals, "label", "Show, set and remove labels of an object",
                                  "OBJECT [NAME=VALUE...]");
  require(add_arguments(*command, "arguments", label->arguments));
  add_list(*command, "--remove", label->remove, "Remove this label (may be given several times)",
           "NAME");
  add_flag(*command, "--json", label->json, "Print the result as one JSON object");
  on_run(*command, [=, &globals] { run(globals, *label); });
}

}  // namespace xylem::cli
