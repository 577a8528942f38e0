#include "interpose/host_repository.hpp"

#include <memory>

#include "base/glib.hpp"

namespace xylem::interpose {

namespace {

struct ObjectUnref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using FilePtr = std::unique_ptr<GFile, ObjectUnref>;

/// Where the repository of a system below another root has its remotes.
std::string remotes_of_sysroot(OstreeRepo* repo) {
  GFile* property = nullptr;
  g_object_get(repo, "sysroot-path", &property, nullptr);
  const FilePtr sysroot(property);
  if (!sysroot || ostree_repo_is_system(repo) == FALSE) return "";
  const GStringPtr path(g_file_get_path(sysroot.get()));
  return path ? std::string(path.get()) + "/etc/ostree/remotes.d" : "";
}

std::string remotes_dir_of(OstreeRepo* repo) {
  gchar* property = nullptr;
  g_object_get(repo, "remotes-config-dir", &property, nullptr);
  const GStringPtr directory(property);
  return directory ? directory.get() : remotes_of_sysroot(repo);
}

}  // namespace

Repository open_host(OstreeRepo* repo) {
  return Repository::open_at(ostree_repo_get_dfd(repo), remotes_dir_of(repo));
}

repo::Repo open_host_files(OstreeRepo* repo) {
  return repo::Repo::open_at(FileDescriptor(ostree_repo_get_dfd(repo)), {remotes_dir_of(repo)});
}

void apply_host_settings(OstreeRepo* repo, PullOptions& options) {
  options.disable_fsync = ostree_repo_get_disable_fsync(repo) != FALSE;
  options.caller_holds_lock = true;
}

HostLock::HostLock(OstreeRepo* repo, GCancellable* cancellable) : repo_(repo) {
  GError* error = nullptr;
  if (ostree_repo_lock_push(repo_, OSTREE_REPO_LOCK_SHARED, cancellable, &error) == FALSE)
    throw GErrorPtr(error);
}

HostLock::~HostLock() {
  ostree_repo_lock_pop(repo_, OSTREE_REPO_LOCK_SHARED, nullptr, nullptr);
}

bool is_on_server(OstreeRepo* repo, const char* source) {
  char* found = nullptr;
  ostree_repo_remote_get_url(repo, source, &found, nullptr);
  const GStringPtr url(found);
  return url && g_str_has_prefix(url.get(), "http") != FALSE;
}

void set_refs(OstreeRepo* repo, const std::string& remote, const PullResult& result) {
  for (const PulledRef& pulled : result.refs)
    ostree_repo_transaction_set_ref(repo, remote.empty() ? nullptr : remote.c_str(),
                                    pulled.ref.c_str(), pulled.commit.c_str());
}

void tell_gpg_results(OstreeRepo* repo, const PullOptions& options, const PullResult& result,
                      GCancellable* cancellable) {
  const guint signal = g_signal_lookup("gpg-verify-result", OSTREE_TYPE_REPO);
  if (options.remote.empty() || signal == 0 ||
      g_signal_has_handler_pending(repo, signal, 0, FALSE) == FALSE)
    return;
  for (const PulledRef& pulled : result.refs) {
    // A commit without a signature has no result; whether it needs one was decided before.
    const std::unique_ptr<OstreeGpgVerifyResult, ObjectUnref> verified(
        ostree_repo_verify_commit_for_remote(repo, pulled.commit.c_str(), options.remote.c_str(),
                                             cancellable, nullptr));
    if (verified) g_signal_emit(repo, signal, 0, pulled.commit.c_str(), verified.get());
  }
}

}  // namespace xylem::interpose
