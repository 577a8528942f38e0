// As std.hpp, with what the commands parse their arguments with.
#include "std.hpp"

#include <CLI/CLI.hpp>
