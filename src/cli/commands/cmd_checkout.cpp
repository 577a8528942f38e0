#include <fmt/format.h>

#include "cli/frame/command.hpp"
#include "cli/frame/input_file.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "tree/checkout/checkout.hpp"

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
  bool selinux = false;
  bool ignored = false;  ///< Empty files are always copied, and there is no such cache.
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
  if (checkout.selinux)
    throw Error(ErrorKind::Unsupported, "SELinux labels are not supported on checkout")
        .hint("Label the tree afterwards with setfiles.");
}

tree::Overwrite overwrite_mode(const CheckoutCommand& checkout) {
  if (checkout.union_files) return tree::Overwrite::UnionFiles;
  if (checkout.union_add) return tree::Overwrite::AddFiles;
  return checkout.union_identical ? tree::Overwrite::UnionIdentical : tree::Overwrite::None;
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
  tree::CheckoutOptions options = checkout.options;
  options.overwrite = overwrite_mode(checkout);
  if (checkout.skip_list) {
    const auto paths = read_lines(*checkout.skip_list);
    options.skip_paths.insert(paths.begin(), paths.end());
  }
  const InterruptWatcher interrupt;
  options.cancel = interrupt.token();
  const repo::ReadLock lock(repo, interrupt.token());
  if (checkout.from_stdin || checkout.from_file) return run_batch(repo, checkout, options);
  const std::string& rev = checkout.arguments.front();
  const std::string& destination =
      checkout.arguments.size() > 1 ? checkout.arguments[1] : checkout.arguments[0];
  tree::checkout(repo, repo::resolve_rev(repo, rev), destination, options);
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
  hide(add_flag(command, "-z,--force-copy-zerosized", checkout.ignored,
                "Do not hardlink zero-sized files"));
  add_flag(command, "-M,--bareuseronly-dirs", checkout.options.bare_user_only_dirs,
           "Suppress mode bits outside of 0775 for directories (suid, world writable, "
           "etc.)");
  const auto selinux = [&checkout](const std::string&) { checkout.selinux = true; };
  for (const char* name : {"--selinux-policy", "--selinux-prefix"})
    hide(add_value(command, name, selinux, "Not supported", "TEXT"));
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
  add_flag(*command, "--disable-cache", checkout->ignored,
           "Do not update or use the internal repository uncompressed object cache");
  declare_selection(*command, *checkout);
  declare_overwriting(*command, *checkout);
  declare_copying(*command, *checkout);
  add_arguments(*command, "arguments", checkout->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, *checkout); });
}

}  // namespace xylem::cli
