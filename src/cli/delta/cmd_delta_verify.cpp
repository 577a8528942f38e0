#include <fmt/format.h>

#include "cli/delta/cmd_static_delta.hpp"
#include "cli/delta/delta_keys.hpp"
#include "delta/store/delta_store.hpp"
#include "delta/store/verify_delta.hpp"

namespace xylem::cli {

namespace {

struct VerifyDelta {
  std::string delta;
  DeltaKeyOptions keys;
};

void verify(const delta::DeltaFile& delta, const DeltaKeyOptions& keys) {
  const auto verifier = make_delta_verifier(keys);
  if (!verifier && delta.is_signed())
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("No {} key to verify with was found", keys.sign_type))
        .hint("Name public keys behind the delta, or give a file of keys with --keys-file.");
  if (!verifier) throw Error(ErrorKind::SignatureInvalid, "no signatures in static-delta");
  delta::verify_delta(delta, *verifier);
}

void run(const Globals& globals, const VerifyDelta& options) {
  const repo::Repo repo = open_repo(globals);
  if (options.delta.empty()) throw Error(ErrorKind::InvalidArgument, "DELTA must be specified");
  const delta::DeltaFile delta = delta::open_delta(repo, options.delta);
  try {
    verify(delta, options.keys);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::SignatureInvalid) fmt::print("Verification fails\n");
    throw;
  }
  fmt::print("Verification OK\n");
}

}  // namespace

void add_delta_verify(CLI::App& group, Globals& globals) {
  auto options = std::make_shared<VerifyDelta>();
  CLI::App* command = add_command(group, globals, "verify", "Verify static delta signatures",
                                  "STATIC-DELTA-FILE [KEY-ID...]");
  add_key_options(*command, options->keys);
  add_arguments(*command, "STATIC-DELTA-FILE", options->delta);
  add_arguments(*command, "KEY-ID", options->keys.keys);
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
