#include "cli/commit/commit_options.hpp"

#include "cli/frame/command.hpp"
#include "cli/frame/values.hpp"

namespace xylem::cli {

namespace {

void declare_message(CLI::App& command, CommitOptions& options) {
  add_value(command, "--parent", options.parent, "Parent commit checksum, or \"none\"", "COMMIT");
  may_be_empty(add_value(command, "-s,--subject", options.subject, "One line subject", "SUBJECT"));
  may_be_empty(add_value(command, "-m,--body", options.body, "Full description", "BODY"));
  add_value(command, "-F,--body-file", options.body_file, "Commit message from FILE path", "FILE");
  add_flag(command, "-e,--editor", options.editor, "Use an editor to write the commit message");
  add_value(command, "-b,--branch", options.branch, "Branch", "BRANCH");
  add_flag(command, "--orphan", options.orphan, "Create a commit without writing a ref");
  add_flag(command, "--no-bindings", options.no_bindings, "Do not write any ref bindings");
  add_list(command, "--bind-ref", options.bind_refs, "Add a ref to ref binding commit metadata",
           "BRANCH");
}

void declare_sources(CLI::App& command, CommitOptions& options) {
  add_value(command, "--base", options.base,
            "Start from the given commit as a base (no modifiers apply)", "REV");
  add_list(command, "--tree", options.trees, "Overlay the given argument as a tree",
           "dir=PATH or tar=TARFILE or ref=COMMIT");
  add_flag(command, "--tar-autocreate-parents", options.tar_autocreate_parents,
           "When loading tar archives, automatically create parent directories as needed");
  add_value(command, "--tar-pathname-filter", options.tar_pathname_filter,
            "When loading tar archives, use REGEX,REPLACEMENT against path names",
            "REGEX,REPLACEMENT");
}

void declare_labels(CLI::App& command, CommitOptions& options) {
  add_value(command, "--selinux-policy", options.selinux_policy,
            "Set SELinux labels based on policy in root filesystem PATH (may be /)", "PATH");
  add_flag(command, "-P,--selinux-policy-from-base", options.selinux_policy_from_base,
           "Set SELinux labels based on first --tree argument");
  add_integer(command, "--selinux-labeling-epoch", options.selinux_labeling_epoch, {0, 1},
              "Version of the labelling rules: 1 labels /usr/etc as /etc", "0 or 1");
}

void declare_metadata(CLI::App& command, CommitOptions& options) {
  add_list(command, "--add-metadata-string", options.metadata_strings,
           "Add a key/value pair to metadata", "KEY=VALUE");
  add_list(command, "--add-metadata", options.metadata_variants,
           "Add a key/value pair to metadata, where the KEY is a string, and VALUE is in GVariant "
           "Text Format",
           "KEY=VALUE");
  add_list(command, "--keep-metadata", options.keep_metadata,
           "Keep metadata KEY and its associated VALUE from parent", "KEY");
  add_list(command, "--add-detached-metadata-string", options.detached_strings,
           "Add a key/value pair to detached metadata", "KEY=VALUE");
}

void declare_changes(CLI::App& command, CommitOptions& options) {
  const IntegerRange ids{-1, std::numeric_limits<std::int32_t>::max()};
  add_integer(command, "--owner-uid", options.owner_uid, ids, "Set file ownership user id", "UID");
  add_integer(command, "--owner-gid", options.owner_gid, ids, "Set file ownership group id", "GID");
  add_flag(command, "--canonical-permissions", options.canonical_permissions,
           "Canonicalize permissions in the same way bare-user does for hardlinked files");
  add_flag(command, "--bootable", options.bootable,
           "Flag this commit as a bootable OSTree (e.g. contains a Linux kernel)");
  add_flag(command, "--mode-ro-executables", options.read_only_executables,
           "Ensure executable files are not writable");
  add_flag(command, "--no-xattrs", options.no_xattrs, "Do not import extended attributes");
  add_value(command, "--statoverride", options.statoverride,
            "File containing list of modifications to make to permissions", "PATH");
  add_value(command, "--skip-list", options.skip_list, "File containing list of files to skip",
            "PATH");
}

void declare_reading(CLI::App& command, CommitOptions& options) {
  add_flag(command, "--link-checkout-speedup", options.link_checkout_speedup,
           "Optimize for commits of trees composed of hardlinks into the repository");
  add_flag(command, "-I,--devino-canonical", options.devino_canonical,
           "Assume hardlinked objects are unmodified.  Implies --link-checkout-speedup");
  add_flag(command, "--consume", options.consume,
           "Consume (delete) content after commit (for local directories)");
  add_flag(command, "--skip-if-unchanged", options.skip_if_unchanged,
           "If the contents are unchanged from previous commit, do nothing");
}

void declare_writing(CLI::App& command, CommitOptions& options) {
  add_flag(command, "--table-output", options.table_output,
           "Output more information in a KEY: VALUE format");
  add_flag(command, "--generate-sizes", options.generate_sizes,
           "Generate size information along with commit metadata");
  hide(add_flag(
      command, "--disable-fsync", [&options] { options.fsync = false; }, "Do not invoke fsync()"));
  add_value(
      command, "--fsync",
      [&options](const std::string& text) { options.fsync = parse_boolean(text); },
      "Specify how to invoke fsync()", "POLICY");
  add_value(command, "--timestamp", options.timestamp, "Override the timestamp of the commit",
            "TIMESTAMP");
}

/// Taken, so that the answer is better than "unknown option".
void declare_unsupported(CLI::App& command, CommitOptions& options) {
  const std::string name = "--generate-composefs-metadata";
  hide(add_flag(
      command, name, [&options, name] { options.unsupported.push_back(name); }, ""));
}

}  // namespace

void declare_commit_options(CLI::App& command, CommitOptions& options) {
  declare_message(command, options);
  declare_sources(command, options);
  declare_labels(command, options);
  declare_metadata(command, options);
  declare_changes(command, options);
  declare_reading(command, options);
  declare_writing(command, options);
  add_signing_options(command, options.signing, "commit");
  add_list(command, "--sign-from-file", options.signing.secret_key_files,
           "Load a private key from file for signing", "PATH");
  declare_unsupported(command, options);
  add_arguments(command, "path", options.path);
}

}  // namespace xylem::cli
