#include "tree/checkout/temporary_name.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "base/os/os.hpp"

namespace xylem::tree {

std::string temporary_name() {
  static std::atomic<unsigned> counter{0};
  return fmt::format(".checkout-{}-{}", ::getpid(), counter++);
}

void remove_quietly(const PathAt& path) noexcept {
  try {
    os::unlink(path);
  } catch (const std::exception&) {
    // There is nobody to tell.
  }
}

}  // namespace xylem::tree
