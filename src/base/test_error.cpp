#include "base/test_error.hpp"

#include <algorithm>
#include <cstdlib>

namespace xylem {

bool is_test_error(std::string_view name) {
  const char* value = std::getenv("OSTREE_REPO_TEST_ERROR");
  std::string_view list = value != nullptr ? value : "";
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    if (one == name) return true;
    list.remove_prefix(std::min(one.size() + 1, list.size()));
  }
  return false;
}

}  // namespace xylem
