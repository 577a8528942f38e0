#pragma once

#include "base/log.hpp"
#include "repo/config/known_keys.hpp"

namespace xylem::cli {

/// On standard error, if it looks misspelt. The key stays: others may read it.
inline void warn_of_misspelt_key(const std::string& group, const std::string& key) {
  const std::string warning = repo::misspelt_key_warning(group, key);
  if (!warning.empty()) log_warning("{}", warning);
}

}  // namespace xylem::cli
