#include <fmt/format.h>

#include "base/os/os.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/input_file.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "selinux/policy.hpp"
#include "tree/checkout/checkout.hpp"
#include "tree/locate_object.hpp"

namespace xylem::cli {

namespace {

struct CheckoutCommand {
  tree::CheckoutOptions options;
  bool union_files = false;
  bool union_add = false;
  bool union_identical = false;
  bool from_stdin = false;
  std::optional<std::string> from_file;
  std::optional<std::string> skip_list;
  std::optional<std::string> selinux_policy;  ///< A root directory.
  bool disable_cache = false;
  bool copy_empty = false;  ///< They are always copied; but as libostree, then without cache.
  std::vector<std::string> arguments;  ///< Commit and destination.
};

void check_options(const CheckoutCommand& checkout) {
  const auto refuse_both = [](bool first, bool second, const char* names) {
    if (first && second) throw UsageError(fmt::format("Cannot specify both {}", names));
  };
  refuse_both(checkout.union_files, checkout.union_add, "--union and --union-add");
  refuse_both(checkout.union_files, checkout.union_identical, "--union and --union-identical");
  refuse_both(checkout.union_add, checkout.union_identical, "--union-add and --union-identical");
  refuse_both(checkout.options.require_hardlinks, checkout.options.force_copy,
              "--require-hardlinks and --force-copy");
  if (checkout.union_identical && !checkout.options.require_hardlinks)
    throw UsageError("--union-identical requires --require-hardlinks");
  refuse_both(checkout.options.require_hardlinks, checkout.selinux_policy.has_value(),
              "--require-hardlinks and --force-copy, which --selinux-policy implies");
  if (!checkout.options.label_prefix.empty() && !checkout.selinux_policy)
    throw UsageError("Cannot specify --selinux-prefix without --selinux-policy");
}

tree::Overwrite overwrite_mode(const CheckoutCommand& checkout) {
  if (checkout.union_files) return tree::Overwrite::UnionFiles;
  if (checkout.union_add) return tree::Overwrite::AddFiles;
  return checkout.union_identical ? tree::Overwrite::UnionIdentical : tree::Overwrite::None;
}

/// As libostree has it: the cache belongs to plain checkouts. Whoever asks for anything special
/// gets files that nobody else links to, or links to the objects themselves.
bool uses_cache(const CheckoutCommand& checkout) {
  const tree::CheckoutOptions& options = checkout.options;
  const bool special = options.whiteouts || options.passthrough_whiteouts ||
                       options.require_hardlinks || options.force_copy ||
                       options.bare_user_only_dirs || checkout.copy_empty || checkout.union_add ||
                       checkout.union_identical || checkout.skip_list || checkout.selinux_policy;
  return !checkout.disable_cache && !special;
}

tree::CheckoutOptions make_options(const CheckoutCommand& checkout) {
  tree::CheckoutOptions options = checkout.options;
  options.overwrite = overwrite_mode(checkout);
  options.uncompressed_cache = uses_cache(checkout);
  if (checkout.skip_list) {
    const auto paths = read_lines(*checkout.skip_list);
    options.skip_paths.insert(paths.begin(), paths.end());
  }
  if (checkout.selinux_policy) {
    options.force_copy = true;
    options.labelling.policy =
        selinux::Policy::open(os::open_dir({FileDescriptor::cwd(), *checkout.selinux_policy}));
  }
  return options;
}

struct BatchEntry {
  std::string rev;
  std::string subpath;
};

/// Takes what stands before the next NUL off the front.
std::string take_text(std::string_view& text) {
  const std::size_t end = text.find('\0');
  if (end == std::string_view::npos)
    throw Error(ErrorKind::InvalidArgument, "The list of checkouts does not end with a NUL byte");
  std::string result(text.substr(0, end));
  text.remove_prefix(end + 1);
  return result;
}

/// Pairs of revision and subpath, each ended by a NUL; an empty revision ends the list.
std::vector<BatchEntry> parse_batch(std::string_view text) {
  std::vector<BatchEntry> entries;
  while (!text.empty() && text.front() != '\0') {
    std::string rev = take_text(text);
    entries.push_back({std::move(rev), take_text(text)});
  }
  return entries;
}

/// All into one destination.
void run_batch(const repo::Repo& repo, const CheckoutCommand& checkout,
               const tree::CheckoutOptions& options) {
  const std::string text =
      checkout.from_stdin ? read_standard_input() : read_input_file(*checkout.from_file);
  std::vector<tree::CheckoutPart> parts;
  for (BatchEntry& entry : parse_batch(text))
    parts.push_back({repo::resolve_rev(repo, entry.rev), std::move(entry.subpath)});
  tree::checkout(repo, parts, checkout.arguments.front(), options);
}

void run(const CLI::App& command, const Globals& globals, const CheckoutCommand& checkout) {
  if (checkout.arguments.empty()) usage_error(command, "COMMIT must be specified");
  check_options(checkout);
  const repo::Repo repo = open_repo(globals);
  tree::CheckoutOptions options = make_options(checkout);
  const InterruptWatcher interrupt;
  options.cancel = interrupt.token();
  const repo::ReadLock lock(repo, interrupt.token());
  if (checkout.from_stdin || checkout.from_file) return run_batch(repo, checkout, options);
  const std::string& rev = checkout.arguments.front();
  const std::string& destination =
      checkout.arguments.size() > 1 ? checkout.arguments[1] : checkout.arguments[0];
  const Checksum commit = repo::resolve_rev(repo, rev);
  tree::locating_objects(repo, commit, [&] { tree::checkout(repo, commit, destination, options); });
}

void declare_overwriting(CLI::App& command, CheckoutCommand& checkout) {
  add_flag(command, "--union", checkout.union_files,
           "Keep existing directories, overwrite existing files");
  add_flag(command, "--union-add", checkout.union_add,
           "Keep existing files/directories, only add new");
  add_flag(command, "--union-identical", checkout.union_identical,
           "When layering checkouts, error out if a file would be replaced with a "
           "different version, but add new files and directories");
  add_flag(command, "--whiteouts", checkout.options.whiteouts,
           "Process 'whiteout' (Docker style) entries");
  add_flag(command, "--process-passthrough-whiteouts", checkout.options.passthrough_whiteouts,
           "Enable overlayfs whiteout extraction into char 0:0 devices");
}

void declare_copying(CLI::App& command, CheckoutCommand& checkout) {
  add_value(
      command, "--fsync",
      [&checkout](const std::string& text) { checkout.options.fsync = parse_boolean(text); },
      "Specify how to invoke fsync()", "POLICY");
  add_flag(command, "-H,--require-hardlinks", checkout.options.require_hardlinks,
           "Do not fall back to full copies if hardlinking fails");
  add_flag(command, "-C,--force-copy", checkout.options.force_copy,
           "Never hardlink (but may reflink if available)");
  hide(add_flag(command, "-z,--force-copy-zerosized", checkout.copy_empty,
                "Do not hardlink zero-sized files"));
  add_flag(command, "-M,--bareuseronly-dirs", checkout.options.bare_user_only_dirs,
           "Suppress mode bits outside of 0775 for directories (suid, world writable, "
           "etc.)");
  add_value(command, "--selinux-policy", checkout.selinux_policy,
            "Set SELinux labels based on policy in root filesystem PATH (may be /); implies "
            "--force-copy",
            "PATH");
  add_value(command, "--selinux-prefix", checkout.options.label_prefix,
            "When setting SELinux labels, prefix all paths by PREFIX", "PREFIX");
}

void declare_selection(CLI::App& command, CheckoutCommand& checkout) {
  add_value(command, "--subpath", checkout.options.subpath, "Checkout sub-directory PATH", "PATH");
  add_flag(command, "--allow-noent", checkout.options.allow_noent,
           "Do nothing if specified path does not exist");
  add_flag(command, "--allow-partial", checkout.options.allow_partial,
           "Check out what is there of a partial commit");
  add_flag(command, "--from-stdin", checkout.from_stdin,
           "Process many checkouts from standard input");
  add_value(command, "--from-file", checkout.from_file, "Process many checkouts from input file",
            "FILE");
  add_value(command, "--skip-list", checkout.skip_list, "File containing list of files to skip",
            "FILE");
}

}  // namespace

void add_checkout(CLI::App& app, Globals& globals) {
  auto checkout = std::make_shared<CheckoutCommand>();
  CLI::App* command =
      add_command(app, globals, "checkout", "Check out a commit into a filesystem tree",
                  "COMMIT [DESTINATION]");
  add_flag(*command, "-U,--user-mode", checkout->options.user_mode,
           "Do not change file ownership or initialize extended attributes");
  add_flag(*command, "--disable-cache", checkout->disable_cache,
           "Do not update or use the internal repository uncompressed object cache");
  declare_selection(*command, *checkout);
  declare_overwriting(*command, *checkout);
  declare_copying(*command, *checkout);
  add_arguments(*command, "arguments", checkout->arguments, 2);
  on_run(*command, [=, &globals] { run(*command, globals, *checkout); });
}

}  // namespace xylem::cli
