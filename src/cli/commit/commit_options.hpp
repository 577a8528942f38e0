#pragma once

/// \file
/// The command line of `commit`.

#include <optional>
#include <string>
#include <vector>

#include "cli/shared/signing.hpp"

namespace CLI {
class App;
}

namespace xylem::cli {

struct CommitOptions {
  std::string parent;  ///< Empty: what the branch has; "none": no parent.
  std::string subject;
  std::string body;
  std::optional<std::string> body_file;
  bool editor = false;
  std::string branch;
  bool orphan = false;
  bool no_bindings = false;
  std::vector<std::string> bind_refs;
  std::string base;
  std::vector<std::string> trees;  ///< "dir=PATH", "tar=FILE" or "ref=REV".
  std::string path;                ///< A directory, in place of trees.

  bool tar_autocreate_parents = false;
  std::optional<std::string> tar_pathname_filter;  ///< "REGEX,REPLACEMENT".

  std::vector<std::string> metadata_strings;
  std::vector<std::string> metadata_variants;
  std::vector<std::string> keep_metadata;
  std::vector<std::string> detached_strings;

  std::int64_t owner_uid = -1;
  std::int64_t owner_gid = -1;
  bool canonical_permissions = false;
  bool read_only_executables = false;
  bool no_xattrs = false;
  bool bootable = false;
  bool link_checkout_speedup = false;
  bool devino_canonical = false;
  bool consume = false;
  std::optional<std::string> selinux_policy;  ///< A root directory.
  bool selinux_policy_from_base = false;
  std::int64_t selinux_labeling_epoch = 0;
  std::optional<std::string> statoverride;
  std::optional<std::string> skip_list;

  bool skip_if_unchanged = false;
  bool table_output = false;
  bool generate_sizes = false;
  bool fsync = true;
  std::optional<std::string> timestamp;
  SigningOptions signing;
  std::vector<std::string> unsupported;  ///< Options given that ask for what we cannot do.
};

/// Declares them all; `options` must live as long as `command`.
void declare_commit_options(CLI::App& command, CommitOptions& options);

}  // namespace xylem::cli
