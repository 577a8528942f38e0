#pragma once

/// \file
/// Room `interpose`: pulls of programs that were written for libostree: a filter in its place, and
/// the engine below it. Knows nothing of the terminal, how a pull works inside.
///
/// What a call of ostree_repo_pull_with_options() asks for, in terms of the engine.

#include <ostree.h>

#include <string>
#include <vector>

#include "xylem/pull.hpp"

namespace xylem::interpose {

/// Thrown for a call that the engine does not take: libostree shall do it. Nothing has happened.
struct NotOurs {
  std::string why;
};

/// A call, translated.
struct PullCall {
  PullOptions options;
  /// The caller has a transaction open, and refs are set in it.
  bool in_transaction = false;
};

/// Pure. `source` is the name of a remote or a file:// URL, `options` an "a{sv}" or null. Throws
/// NotOurs for an option, a type or a combination that is not known here.
PullCall translate(const char* source, GVariant* options);

}  // namespace xylem::interpose
