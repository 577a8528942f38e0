#include "pull/delta_setup.hpp"

#include "pull/delta/http_delta_files.hpp"
#include "pull/delta/local_delta_files.hpp"

namespace xylem::pull {

bool wants_deltas(const PullOptions& options, const repo::Remote& remote) {
  if (options.disable_static_deltas || options.commit_metadata_only) return false;
  return options.require_static_deltas || !remote.disable_static_deltas;
}

repo::RequireDeltas required_deltas(const PullOptions& options, const repo::Remote& remote) {
  return options.require_static_deltas ? repo::RequireDeltas::Always : remote.require_static_deltas;
}

namespace {

std::unique_ptr<DeltaFiles> delta_files_of(const OpenSource& origin, const PullContext& context) {
  if (origin.is_local()) return std::make_unique<LocalDeltaFiles>(*origin.repository, context);
  return std::make_unique<HttpDeltaFiles>(*origin.files, *origin.download_dir, context);
}

}  // namespace

OpenDeltaFiles open_delta_files(const PullOptions& options, const repo::Remote& remote,
                                const OpenSource& origin, const PullContext& context) {
  if (!wants_deltas(options, remote)) return {};
  auto files = delta_files_of(origin, context);
  if (!options.mirror || options.dry_run) return {std::move(files), nullptr};
  auto mirror = std::make_unique<DeltaMirror>(context, std::move(files));
  DeltaMirror* const kept = mirror.get();
  return {std::move(mirror), kept};
}

DeltaPuller::Settings delta_settings(const PullOptions& options, const repo::Remote& remote,
                                     const Verification& verification, const OpenSource& origin,
                                     const repo::Repo& repo) {
  DeltaPuller::Settings settings;
  settings.require = required_deltas(options, remote);
  settings.dry_run = options.dry_run;
  settings.shares = !origin.is_local() && !options.dry_run;
  const bool all_signed = repo.key_file().find_bool("core", "sign-verify-deltas").value_or(false);
  settings.only_signed = remote.sign_verify_deltas || all_signed;
  settings.signatures = verification.deltas;
  settings.local = origin.repository.get();
  return settings;
}

}  // namespace xylem::pull
