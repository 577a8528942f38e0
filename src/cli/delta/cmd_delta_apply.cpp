#include <fmt/format.h>

#include "cli/delta/cmd_static_delta.hpp"
#include "cli/delta/delta_keys.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/progress/json_text.hpp"
#include "delta/store/apply_delta.hpp"

namespace xylem::cli {

namespace {

struct ApplyCommand {
  std::string path;
  DeltaKeyOptions keys;
  bool json = false;
};

constexpr char policy_key[] = "sign-verify-deltas";

/// What the delta must be verified with: by keys that were named in any case; else by those of the
/// system, if it is signed. Null if it need not be.
std::unique_ptr<sign::Verifier> required_verifier(const repo::Repo& repo,
                                                  const delta::DeltaFile& delta,
                                                  const DeltaKeyOptions& keys) {
  auto verifier = make_delta_verifier(keys);
  const bool policy = repo.key_file().find_bool("core", policy_key).value_or(false);
  if (policy && !verifier)
    throw Error(ErrorKind::SignatureInvalid, "Key is mandatory to check delta signature")
        .hint("Name public keys behind the path, or set core.sign-verify-deltas to false.");
  if (!delta.is_signed() && !policy && !keys.given()) return nullptr;
  return verifier;
}

void run(const Globals& globals, const ApplyCommand& apply) {
  repo::Repo repo = open_writable_repo(globals);
  if (apply.path.empty()) throw Error(ErrorKind::InvalidArgument, "PATH must be specified");
  const InterruptWatcher interrupt;
  const delta::DeltaFile delta({FileDescriptor::cwd(), apply.path});
  const auto verifier = required_verifier(repo, delta, apply.keys);
  const delta::ApplyReport report =
      delta::apply_delta(repo, delta, {.verifier = verifier.get(), .cancel = interrupt.token()});
  if (apply.json)
    print_json_line({{"delta", report.name.text()},
                     {"commit", report.name.to.hex()},
                     {"was-complete", report.was_complete},
                     {"objects-made", report.objects.made},
                     {"objects-present", report.objects.present}});
}

}  // namespace

void add_delta_apply(CLI::App& group, Globals& globals) {
  auto apply = std::make_shared<ApplyCommand>();
  CLI::App* command =
      add_command(group, globals, "apply-offline", "Apply static delta file", "PATH [KEY-ID...]");
  add_key_options(*command, apply->keys);
  add_flag(*command, "--json", apply->json, "Print the result as one JSON object");
  add_arguments(*command, "PATH", apply->path);
  add_arguments(*command, "KEY-ID", apply->keys.keys);
  on_run(*command, [=, &globals] { run(globals, *apply); });
}

}  // namespace xylem::cli
