#include "base/test_error.hpp"

#include <glib.h>

#include <cstdlib>

namespace xylem {

bool is_test_error(const char* name) {
  const char* list = std::getenv("OSTREE_REPO_TEST_ERROR");
  const GDebugKey key{name, 1};
  return list != nullptr && g_parse_debug_string(list, &key, 1) != 0;
}

}  // namespace xylem
