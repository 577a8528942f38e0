#pragma once

/// \file
/// The keys of a call's options, one by one.

#include <glib.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpose/pull_call.hpp"

namespace xylem::interpose {

struct CollectionRequest {
  std::string collection_id;
  std::string ref;
  std::string commit;  ///< Empty: what the source has.
};

/// What the keys say, before it is put together.
struct PullKeys {
  PullCall call;
  std::vector<std::string> refs;
  std::vector<std::string> commits;  ///< One for each ref, or none; empty as above.
  std::vector<CollectionRequest> collection_refs;
  std::optional<std::string> override_remote;
  int flags = 0;
  bool verifies_signatures = false;  ///< `sign-verify`: to be true whatever the remote says.
  std::optional<std::string> summary;
  std::optional<std::string> summary_signature;
};

/// Reads "a{sv}"; null is empty. Throws NotOurs for a key or a type that it does not know.
PullKeys read_keys(GVariant* options);

}  // namespace xylem::interpose
