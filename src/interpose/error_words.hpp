#pragma once

/// \file
/// Failures, as libostree would report them: programs look at the domain, the code and some words.

#include <gio/gio.h>

#include <string>

#include "base/glib.hpp"
#include "xylem/error.hpp"

namespace xylem::interpose {

/// Pure.
GErrorPtr gerror_of(const Error& error);

}  // namespace xylem::interpose
