#include "cli/commands.hpp"

namespace xylem::cli {

void add_commands(CLI::App& app, Globals& globals) {
  add_config(app, globals);
  add_init(app, globals);
}

}  // namespace xylem::cli
