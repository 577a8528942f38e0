#include "cli/frame/version_text.hpp"

#include <fmt/format.h>

#include <array>

#include "base/libostree.hpp"
#include "xylem/version.hpp"

namespace xylem::cli {

namespace {

/// What this build can do, under the names that libostree gives it. Scripts skip what is missing.
constexpr std::array features{"libcurl",      "libarchive", "selinux", "gpgme",  "openssl",
                              "sign-ed25519", "sign-spki",  "p2p",     "release"};

std::string feature_lines() {
  std::string text = " Features:";
  for (const char* feature : features) text += fmt::format("\n  - {}", feature);
  return text;
}

}  // namespace

std::string version_text(const std::string& program) {
  if (program == "ostree")
    return fmt::format("libostree:\n Version: '{}'\n Implementation: 'xylem {}'\n{}",
                       followed_libostree, version, feature_lines());
  return fmt::format("xylem:\n Version: '{}'\n{}", version, feature_lines());
}

}  // namespace xylem::cli
