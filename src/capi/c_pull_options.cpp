// The C interface of what to pull, and of how far to trust it.

#include "capi/c_types.hpp"

using xylem::PullOptions;
using xylem::api::optional_text;
using xylem::api::set;
using xylem::api::takes;

namespace {

std::optional<bool> tristate(int value) {
  return value < 0 ? std::nullopt : std::optional<bool>(value != 0);
}

}  // namespace

xylem_pull_options* xylem_pull_options_new(const char* remote) {
  auto* created = new xylem_pull_options;
  if (remote != nullptr) created->options.remote = remote;
  return created;
}
void xylem_pull_options_free(xylem_pull_options* options) {
  delete options;
}

void xylem_pull_options_add_ref(xylem_pull_options* options, const char* ref) {
  if (takes(options, "ref", ref)) options->options.refs.emplace_back(ref);
}
void xylem_pull_options_add_subpath(xylem_pull_options* options, const char* path) {
  if (takes(options, "path", path)) options->options.subpaths.emplace_back(path);
}
void xylem_pull_options_add_localcache_repo(xylem_pull_options* options, const char* path) {
  if (takes(options, "path", path)) options->options.localcache_repos.emplace_back(path);
}
void xylem_pull_options_set_url(xylem_pull_options* options, const char* url) {
  set(options, &PullOptions::url, optional_text(url));
}
void xylem_pull_options_set_local_repository(xylem_pull_options* options, const char* path) {
  set(options, &PullOptions::local_repository, optional_text(path));
}
void xylem_pull_options_set_depth(xylem_pull_options* options, int depth) {
  set(options, &PullOptions::depth, depth);
}
void xylem_pull_options_set_mirror(xylem_pull_options* options, int mirror) {
  set(options, &PullOptions::mirror, mirror != 0);
}
void xylem_pull_options_set_commit_metadata_only(xylem_pull_options* options, int only) {
  set(options, &PullOptions::commit_metadata_only, only != 0);
}
void xylem_pull_options_set_dry_run(xylem_pull_options* options, int dry_run) {
  set(options, &PullOptions::dry_run, dry_run != 0);
}
void xylem_pull_options_set_keep_refs(xylem_pull_options* options, int keep) {
  set(options, &PullOptions::keep_refs, keep != 0);
}
void xylem_pull_options_set_caller_holds_lock(xylem_pull_options* options, int holds) {
  set(options, &PullOptions::caller_holds_lock, holds != 0);
}
void xylem_pull_options_set_given_summary(xylem_pull_options* options, const void* summary,
                                          size_t summary_size, const void* signature,
                                          size_t signature_size) {
  if (options == nullptr) return;
  options->options.given_summary.reset();
  if (summary == nullptr) return;
  PullOptions::GivenSummary given;
  given.summary.assign(static_cast<const char*>(summary), summary_size);
  if (signature != nullptr)
    given.signature.emplace(static_cast<const char*>(signature), signature_size);
  options->options.given_summary = std::move(given);
}
void xylem_pull_options_set_cache_dir(xylem_pull_options* options, const char* path) {
  set(options, &PullOptions::cache_dir, optional_text(path));
}
void xylem_pull_options_set_max_metadata_size(xylem_pull_options* options, uint64_t bytes) {
  set(options, &PullOptions::max_metadata_size, bytes);
}
void xylem_pull_options_set_disable_static_deltas(xylem_pull_options* options, int disable) {
  set(options, &PullOptions::disable_static_deltas, disable != 0);
}
void xylem_pull_options_set_require_static_deltas(xylem_pull_options* options, int require) {
  set(options, &PullOptions::require_static_deltas, require != 0);
}
void xylem_pull_options_set_disable_fsync(xylem_pull_options* options, int disable) {
  set(options, &PullOptions::disable_fsync, disable != 0);
}
void xylem_pull_options_set_per_object_fsync(xylem_pull_options* options, int per_object) {
  set(options, &PullOptions::per_object_fsync, per_object != 0);
}
void xylem_pull_options_set_sandbox(xylem_pull_options* options, int sandbox) {
  set(options, &PullOptions::sandbox, sandbox != 0);
}
void xylem_pull_options_set_update_frequency(xylem_pull_options* options, unsigned milliseconds) {
  set(options, &PullOptions::update_frequency, std::chrono::milliseconds(milliseconds));
}

void xylem_pull_options_set_timestamp_check(xylem_pull_options* options, int check) {
  set(options, &PullOptions::timestamp_check, check != 0);
}
void xylem_pull_options_set_timestamp_check_strict(xylem_pull_options* options, int check) {
  set(options, &PullOptions::timestamp_check_strict, check != 0);
}
void xylem_pull_options_set_timestamp_check_from_rev(xylem_pull_options* options, const char* rev) {
  set(options, &PullOptions::timestamp_check_from_rev, optional_text(rev));
}
void xylem_pull_options_set_trusted(xylem_pull_options* options, int trusted) {
  set(options, &PullOptions::trusted, trusted != 0);
}
void xylem_pull_options_set_http_trusted(xylem_pull_options* options, int trusted) {
  set(options, &PullOptions::http_trusted, trusted != 0);
}
void xylem_pull_options_set_bareuseronly_files(xylem_pull_options* options, int only) {
  set(options, &PullOptions::bareuseronly_files, only != 0);
}
void xylem_pull_options_set_collection_id(xylem_pull_options* options, const char* collection_id) {
  set(options, &PullOptions::collection_id, optional_text(collection_id));
}
void xylem_pull_options_add_ref_keyring(xylem_pull_options* options, const char* collection_id,
                                        const char* ref, const char* remote) {
  if (takes(options, "collection_id", collection_id) && takes(options, "ref", ref) &&
      takes(options, "remote", remote))
    options->options.ref_keyring_map.push_back({collection_id, ref, remote});
}
void xylem_pull_options_set_gpg_verify(xylem_pull_options* options, int verify) {
  set(options, &PullOptions::gpg_verify, tristate(verify));
}
void xylem_pull_options_set_gpg_verify_summary(xylem_pull_options* options, int verify) {
  set(options, &PullOptions::gpg_verify_summary, tristate(verify));
}
void xylem_pull_options_set_disable_sign_verify(xylem_pull_options* options, int disable) {
  set(options, &PullOptions::disable_sign_verify, disable != 0);
}
void xylem_pull_options_set_disable_sign_verify_summary(xylem_pull_options* options, int disable) {
  set(options, &PullOptions::disable_sign_verify_summary, disable != 0);
}
void xylem_pull_options_set_disable_verify_bindings(xylem_pull_options* options, int disable) {
  set(options, &PullOptions::disable_verify_bindings, disable != 0);
}
void xylem_pull_options_set_keys_dir(xylem_pull_options* options, const char* path) {
  set(options, &PullOptions::keys_dir, optional_text(path));
}
