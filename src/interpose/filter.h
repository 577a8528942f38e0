#pragma once

/// \file
/// The parts of the filter, which stands in for libostree-1.so.1: the few functions that it
/// replaces call them. Everything else is found in the real library, which the filter needs.

#include <stdbool.h>

#include "interpose/call.h"

/// The function of this name in the real library. Ends the program if there is none, as the loader
/// would: the filter is made for the library that it stands before.
void* xylem_real_function(const char* name);

/// The engine's function of this name; NULL, and a note that is freed with g_free(), if pulls are
/// switched off or it cannot be loaded.
void* xylem_engine(const char* name, char** note);

/// Appends a line to the file that $XYLEM_INTERPOSE_LOG names, if it names one: who has done the
/// call, and what came of it. `what` stands before the source; it is empty for a pull.
void xylem_log_call(const char* who, const char* what, const char* source, const char* note);
