#include <fmt/format.h>

#include "cli/commands/interposition.hpp"
#include "cli/frame/command.hpp"
#include "cli/progress/json_text.hpp"

namespace xylem::cli {

namespace {

/// What keeps the library from being used; empty if nothing does.
std::string problem_of(const Interposition& interposition) try {
  interposition.require_safe_library();
  return "";
} catch (const Error& error) {
  return error.what();
}

void print_text(const Interposition& interposition, const std::string& problem) {
  fmt::print("{}\nLibrary: {}\n", interposition.is_enabled() ? "Enabled" : "Disabled",
             interposition.path_of_library());
  if (interposition.is_switched_off()) fmt::print("Switched off by /etc/xylem/interpose-off\n");
  if (!problem.empty()) fmt::print("Problem: {}\n", problem);
}

void status(const std::string& sysroot, bool json) {
  const Interposition interposition(sysroot);
  const std::string problem = problem_of(interposition);
  if (!json) return print_text(interposition, problem);
  print_json_line({{"enabled", interposition.is_enabled()},
                   {"switched_off", interposition.is_switched_off()},
                   {"library", interposition.path_of_library()},
                   {"problem", problem}});
}

void enable(const std::string& sysroot) {
  const Interposition interposition(sysroot);
  interposition.enable();
  fmt::print("Programs that use libostree load {} from now on\n", interposition.path_of_library());
}

void disable(const std::string& sysroot) {
  const bool was_enabled = Interposition(sysroot).disable();
  fmt::print("{}\n", was_enabled ? "Programs that use libostree load it itself again"
                                 : "It was not enabled");
}

CLI::App* add_part(CLI::App& parent, const std::string& name, const std::string& description,
                   std::string& sysroot) {
  CLI::App* command = add_plain_command(parent, name, description);
  add_value(*command, "--sysroot", sysroot, "Of the system below PATH", "PATH");
  return command;
}

}  // namespace

void add_interpose(CLI::App& app, Globals& /*globals*/) {
  auto sysroot = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command = add_plain_command(
      app, "interpose", "Have programs that use libostree pull by way of xylem", "COMMAND");
  CLI::App* enabling = add_part(*command, "enable", "Let all programs load it", *sysroot);
  on_run(*enabling, [=] { enable(*sysroot); });
  CLI::App* disabling = add_part(*command, "disable", "Let them load libostree itself", *sysroot);
  on_run(*disabling, [=] { disable(*sysroot); });
  CLI::App* showing = add_part(*command, "status", "Show whether they do", *sysroot);
  add_flag(*showing, "--json", *json, "Print the result as one JSON object");
  on_run(*showing, [=] { status(*sysroot, *json); });
}

}  // namespace xylem::cli
