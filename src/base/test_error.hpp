#pragma once

namespace xylem {

/// Whether the environment asks for a failure, as tests of libostree do: OSTREE_REPO_TEST_ERROR is
/// a list of names as GLib's g_parse_debug_string() reads it. "pre-commit": a transaction fails
/// before it publishes. "invalid-cache": a cached summary that does not fit its signature is an
/// error, not fetched again.
bool is_test_error(const char* name);

}  // namespace xylem
