#include "interpose/pull_call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/glib.hpp"
#include "interpose/pull_keys.hpp"

namespace xylem::interpose {

namespace {

constexpr int known_flags = OSTREE_REPO_PULL_FLAGS_MIRROR | OSTREE_REPO_PULL_FLAGS_COMMIT_ONLY |
                            OSTREE_REPO_PULL_FLAGS_UNTRUSTED |
                            OSTREE_REPO_PULL_FLAGS_BAREUSERONLY_FILES |
                            OSTREE_REPO_PULL_FLAGS_TRUSTED_HTTP;

void apply_flags(int flags, PullOptions& options) {
  if ((flags & ~known_flags) != 0) throw NotOurs{fmt::format("flags {} are not known", flags)};
  options.mirror = (flags & OSTREE_REPO_PULL_FLAGS_MIRROR) != 0;
  options.commit_metadata_only = (flags & OSTREE_REPO_PULL_FLAGS_COMMIT_ONLY) != 0;
  // What comes from this machine is only checked if it is asked for, as in libostree.
  options.trusted = (flags & OSTREE_REPO_PULL_FLAGS_UNTRUSTED) == 0;
  options.bareuseronly_files = (flags & OSTREE_REPO_PULL_FLAGS_BAREUSERONLY_FILES) != 0;
  options.http_trusted = (flags & OSTREE_REPO_PULL_FLAGS_TRUSTED_HTTP) != 0;
}

std::string request_text(const std::string& ref, const std::string& commit) {
  return commit.empty() || commit == ref ? ref : ref + "@" + commit;
}

void add_refs(const PullKeys& keys, PullOptions& options) {
  if (!keys.commits.empty() && keys.commits.size() != keys.refs.size())
    throw NotOurs{"override-commit-ids are not as many as refs"};
  for (std::size_t index = 0; index < keys.refs.size(); ++index)
    options.refs.push_back(
        request_text(keys.refs[index], keys.commits.empty() ? "" : keys.commits[index]));
}

void add_collection_refs(const PullKeys& keys, PullOptions& options) {
  if (keys.collection_refs.empty()) return;
  if (!keys.refs.empty()) throw NotOurs{"refs and collection-refs at once"};
  options.collection_id = keys.collection_refs.front().collection_id;
  for (const CollectionRequest& wanted : keys.collection_refs) {
    if (wanted.collection_id != options.collection_id) throw NotOurs{"refs of several collections"};
    options.refs.push_back(request_text(wanted.ref, wanted.commit));
  }
}

/// The path that a file:// URL names, which is a repository of this machine. It is not verified
/// unless that is asked for, as `ostree pull-local` does.
void use_local_source(const char* url, const PullKeys& keys, PullOptions& options) {
  const GStringPtr path(g_filename_from_uri(url, nullptr, nullptr));
  if (!path) throw NotOurs{"the URL has no path of this machine"};
  if (options.url) throw NotOurs{"override-url of a file:// URL"};
  options.local_repository = path.get();
  options.remote = keys.override_remote.value_or("");
  options.gpg_verify = options.gpg_verify.value_or(false);
  options.gpg_verify_summary = options.gpg_verify_summary.value_or(false);
  options.disable_sign_verify = options.disable_sign_verify_summary = true;
  if (options.refs.empty() && !options.mirror) throw NotOurs{"no refs of a file:// URL"};
}

void use_remote(const char* name, const PullKeys& keys, PullOptions& options) {
  options.remote = name;
  if (keys.override_remote && *keys.override_remote != name)
    throw NotOurs{"override-remote-name of a remote with another name"};
}

void use_summary(PullKeys& keys, PullOptions& options) {
  if (!keys.summary) {
    if (keys.summary_signature) throw NotOurs{"summary-sig-bytes without summary-bytes"};
    return;
  }
  options.given_summary = {std::move(*keys.summary), std::move(keys.summary_signature)};
}

}  // namespace

PullCall translate(const char* source, GVariant* variant) {
  PullKeys keys = read_keys(variant);
  if (source == nullptr || *source == '\0') throw NotOurs{"there is no source"};
  if (keys.verifies_signatures) throw NotOurs{"sign-verify in place of the remote's configuration"};
  PullCall call = std::move(keys.call);
  apply_flags(keys.flags, call.options);
  add_refs(keys, call.options);
  add_collection_refs(keys, call.options);
  if (g_str_has_prefix(source, "file://"))
    use_local_source(source, keys, call.options);
  else
    use_remote(source, keys, call.options);
  use_summary(keys, call.options);
  if (call.in_transaction && call.options.mirror)
    throw NotOurs{"a mirror within an open transaction"};
  call.options.keep_refs = call.in_transaction;
  call.options.user_agent = "libostree/" OSTREE_VERSION_S;
  return call;
}

}  // namespace xylem::interpose
