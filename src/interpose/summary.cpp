// A remote's summary and its signature, as ostree_repo_remote_fetch_summary_with_options() returns
// them.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/glib.hpp"
#include "interpose/call.h"
#include "interpose/host_loop.hpp"
#include "interpose/host_repository.hpp"
#include "interpose/outcome.hpp"
#include "interpose/pull_call.hpp"
#include "object/variant/variant.hpp"
#include "pull/jobs/remote_summary.hpp"

namespace xylem::interpose {

namespace {

using Files = std::optional<repo::SummaryFiles>;

/// Those that libostree documents for this call. A pull knows more.
constexpr std::array<std::string_view, 4> known_options = {"append-user-agent", "http-headers",
                                                           "n-network-retries", "override-url"};

void require_known_options(GVariant* options) {
  if (options == nullptr || !g_variant_is_of_type(options, G_VARIANT_TYPE_VARDICT)) return;
  for (std::size_t index = 0; index < g_variant_n_children(options); ++index) {
    const GVariantPtr entry = object::child(options, index);
    const GVariantPtr name = object::child(entry.get(), 0);
    const std::string_view text(object::text_of(name.get()));
    if (std::ranges::find(known_options, text) == known_options.end())
      throw NotOurs{fmt::format("the option {} is not known for a summary", text)};
  }
}

/// The engine reads remotes from disk; programs can make others in memory.
void require_remote_on_disk(const xylem_ostree_call& call, const repo::Repo& repo) {
  std::string url;
  try {
    const repo::Remote remote = repo.remote(call.source);
    if (remote.metalink) return;
    url = remote.url;
  } catch (const Error& error) {
    throw NotOurs{error.what()};
  }
  char* found = nullptr;
  ostree_repo_remote_get_url(call.repo, call.source, &found, nullptr);
  const GStringPtr in_memory(found);
  if (!in_memory || url != in_memory.get())
    throw NotOurs{"the remote is not on disk as it is in memory"};
}

bool wants_gpg(OstreeRepo* repo, const char* remote) {
  gboolean verify = FALSE;
  return ostree_repo_remote_get_gpg_verify_summary(repo, remote, &verify, nullptr) != FALSE &&
         verify != FALSE;
}

/// A server that refuses a file has none, to libostree.
bool lacks_summary(const Error& error) {
  return error.details().http_status == 403;
}

/// Neither of the two is there, or not to be had.
bool lacks_all(const Error& error) {
  return lacks_summary(error) ||
         (error.kind() == ErrorKind::SignatureInvalid && error.details().verdict.empty());
}

Files fetch(const xylem_ostree_call& call, const repo::Repo& repo, const PullOptions& options) {
  const CancelSource cancel;
  Files files;
  try {
    run_beside_host(
        [&] { files = pull::fetch_remote_summary(repo, options, cancel.token(), true); },
        call.cancellable, cancel);
  } catch (const Error& error) {
    if (lacks_all(error) && wants_gpg(call.repo, call.source))
      throw Error(ErrorKind::NotFound,
                  fmt::format("GPG verification enabled, but no summary found: {}", error.what()));
    if (!lacks_summary(error)) throw;
  }
  return files;
}

void hand_over(const Bytes& bytes, GBytes** out) {
  if (out != nullptr) *out = g_bytes_new(bytes.data(), bytes.size());
}

std::string fetch_summary(const xylem_ostree_call& call, GBytes** summary, GBytes** signatures) {
  require_known_options(call.options);
  PullOptions options = translate(call.source, call.options).options;
  if (options.local_repository) throw NotOurs{"a summary of a file:// URL"};
  const repo::Repo repo = open_host_files(call.repo);
  require_remote_on_disk(call, repo);
  apply_host_settings(call.repo, options);
  if (call.cache_dir != nullptr) options.cache_dir = call.cache_dir;
  const Files files = fetch(call, repo, options);
  if (summary != nullptr) *summary = nullptr;
  if (signatures != nullptr) *signatures = nullptr;
  if (!files) return "there is no summary";
  hand_over(files->summary, summary);
  if (files->signature) hand_over(*files->signature, signatures);
  return fmt::format("a summary of {} bytes{}", files->summary.size(),
                     files->signature ? ", with a signature" : "");
}

}  // namespace

}  // namespace xylem::interpose

__attribute__((visibility("default"))) xylem_ostree_outcome xylem_ostree_fetch_summary(
    const xylem_ostree_call* call, GBytes** summary, GBytes** signatures, char** note,
    GError** error) {
  using namespace xylem::interpose;
  return outcome_of(
      *call, [&] { return fetch_summary(*call, summary, signatures); }, note, error);
}
