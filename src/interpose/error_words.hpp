#pragma once

/// \file
/// Failures, as libostree would report them: programs look at the domain, the code and some words.

#include <gio/gio.h>

#include <string>

#include "base/glib.hpp"
#include "xylem/error.hpp"

namespace xylem::interpose {

/// Pure. `on_server`: what is missing a server was asked for; libostree tells its answer then.
GErrorPtr gerror_of(const Error& error, bool on_server = false);

}  // namespace xylem::interpose
