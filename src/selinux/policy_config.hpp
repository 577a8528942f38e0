#pragma once

#include <string>
#include <string_view>

namespace xylem::selinux {

/// What `etc/selinux/config` says.
struct PolicyConfig {
  bool enabled = false;
  std::string type;  ///< Name of the directory of the policy; empty: none.
};

/// The last line of each key counts; comments and other keys are skipped.
PolicyConfig parse_policy_config(std::string_view text);

}  // namespace xylem::selinux
