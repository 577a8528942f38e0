#include "cli/frame/version_text.hpp"

#include <fmt/format.h>

#include "xylem/version.hpp"

namespace xylem::cli {

namespace {

/// Features under the names that libostree gives them.
constexpr char features[] =
    " Features:\n"
    "  - libcurl\n"
    "  - release";

/// The libostree whose commands and formats ours follow.
constexpr char followed_version[] = "2022.7";

}  // namespace

std::string version_text(const std::string& program) {
  if (program == "ostree")
    return fmt::format("libostree:\n Version: '{}'\n Implementation: 'xylem {}'\n{}",
                       followed_version, version, features);
  return fmt::format("xylem:\n Version: '{}'\n{}", version, features);
}

}  // namespace xylem::cli
