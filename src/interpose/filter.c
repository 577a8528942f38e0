// The functions of libostree that are ours. Each has the version of the real one: see
// version_script.py.

#include "interpose/filter.h"

#include <fcntl.h>
#include <string.h>

/// There is a setter for it, and no getter.
static const char cache_dir_key[] = "xylem-cache-dir";

/// The path behind a directory and a name in it; NULL if it cannot be told.
static char* absolute_path(int directory, const char* name) {
  if (g_path_is_absolute(name)) return g_strdup(name);
  if (directory == AT_FDCWD) return g_canonicalize_filename(name, NULL);
  g_autofree char* link = g_strdup_printf("/proc/self/fd/%d", directory);
  g_autofree char* base = g_file_read_link(link, NULL);
  return base == NULL ? NULL : g_build_filename(base, name, NULL);
}

gboolean ostree_repo_set_cache_dir(OstreeRepo* self, int directory, const char* path,
                                   GCancellable* cancellable, GError** error) {
  __typeof__(&ostree_repo_set_cache_dir) real = xylem_real_function("ostree_repo_set_cache_dir");
  if (!real(self, directory, path, cancellable, error)) return FALSE;
  g_object_set_data_full(G_OBJECT(self), cache_dir_key, absolute_path(directory, path), g_free);
  return TRUE;
}

static enum xylem_ostree_outcome logged(enum xylem_ostree_outcome outcome, const char* what,
                                        const char* source, const char* note) {
  xylem_log_call(outcome == XYLEM_OSTREE_LEFT ? "forwarded" : "ours", what, source, note);
  return outcome;
}

/// As the engine says; XYLEM_OSTREE_LEFT if there is none.
static enum xylem_ostree_outcome pull_by_engine(const struct xylem_ostree_call* call,
                                                GError** error) {
  g_autofree char* note = NULL;
  enum xylem_ostree_outcome outcome = XYLEM_OSTREE_LEFT;
  __typeof__(&xylem_ostree_pull) engine = xylem_engine("xylem_ostree_pull", &note);
  if (engine != NULL) outcome = engine(call, &note, error);
  return logged(outcome, "", call->source, note);
}

gboolean ostree_repo_pull_with_options(OstreeRepo* self, const char* remote_name_or_baseurl,
                                       GVariant* options, OstreeAsyncProgress* progress,
                                       GCancellable* cancellable, GError** error) {
  const struct xylem_ostree_call call = {
      .repo = self,
      .source = remote_name_or_baseurl,
      .options = options,
      .progress = progress,
      .cancellable = cancellable,
      .cache_dir = g_object_get_data(G_OBJECT(self), cache_dir_key),
  };
  const enum xylem_ostree_outcome outcome = pull_by_engine(&call, error);
  if (outcome != XYLEM_OSTREE_LEFT) return outcome == XYLEM_OSTREE_DONE;
  __typeof__(&ostree_repo_pull_with_options) real =
      xylem_real_function("ostree_repo_pull_with_options");
  return real(self, remote_name_or_baseurl, options, progress, cancellable, error);
}

gboolean ostree_repo_pull_one_dir(OstreeRepo* self, const char* remote_name,
                                  const char* dir_to_pull, char** refs_to_fetch,
                                  OstreeRepoPullFlags flags, OstreeAsyncProgress* progress,
                                  GCancellable* cancellable, GError** error) {
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT(NULL);
  g_variant_dict_insert(&options, "flags", "i", (int)flags);
  if (dir_to_pull != NULL) g_variant_dict_insert(&options, "subdir", "s", dir_to_pull);
  if (refs_to_fetch != NULL)
    g_variant_dict_insert_value(&options, "refs",
                                g_variant_new_strv((const char* const*)refs_to_fetch, -1));
  g_autoptr(GVariant) finished = g_variant_ref_sink(g_variant_dict_end(&options));
  return ostree_repo_pull_with_options(self, remote_name, finished, progress, cancellable, error);
}

gboolean ostree_repo_pull(OstreeRepo* self, const char* remote_name, char** refs_to_fetch,
                          OstreeRepoPullFlags flags, OstreeAsyncProgress* progress,
                          GCancellable* cancellable, GError** error) {
  return ostree_repo_pull_one_dir(self, remote_name, NULL, refs_to_fetch, flags, progress,
                                  cancellable, error);
}

/// As the engine says; XYLEM_OSTREE_LEFT if there is none.
static enum xylem_ostree_outcome fetch_by_engine(const struct xylem_ostree_call* call,
                                                 GBytes** summary, GBytes** signatures,
                                                 GError** error) {
  g_autofree char* note = NULL;
  enum xylem_ostree_outcome outcome = XYLEM_OSTREE_LEFT;
  __typeof__(&xylem_ostree_fetch_summary) engine =
      xylem_engine("xylem_ostree_fetch_summary", &note);
  if (engine != NULL) outcome = engine(call, summary, signatures, &note, error);
  return logged(outcome, "summary of ", call->source, note);
}

gboolean ostree_repo_remote_fetch_summary_with_options(OstreeRepo* self, const char* name,
                                                       GVariant* options, GBytes** out_summary,
                                                       GBytes** out_signatures,
                                                       GCancellable* cancellable, GError** error) {
  const struct xylem_ostree_call call = {
      .repo = self,
      .source = name,
      .options = options,
      .cancellable = cancellable,
      .cache_dir = g_object_get_data(G_OBJECT(self), cache_dir_key),
  };
  const enum xylem_ostree_outcome outcome =
      fetch_by_engine(&call, out_summary, out_signatures, error);
  if (outcome != XYLEM_OSTREE_LEFT) return outcome == XYLEM_OSTREE_DONE;
  __typeof__(&ostree_repo_remote_fetch_summary_with_options) real =
      xylem_real_function("ostree_repo_remote_fetch_summary_with_options");
  return real(self, name, options, out_summary, out_signatures, cancellable, error);
}

gboolean ostree_repo_remote_fetch_summary(OstreeRepo* self, const char* name, GBytes** out_summary,
                                          GBytes** out_signatures, GCancellable* cancellable,
                                          GError** error) {
  return ostree_repo_remote_fetch_summary_with_options(self, name, NULL, out_summary,
                                                       out_signatures, cancellable, error);
}

/// As the engine says; XYLEM_OSTREE_LEFT if there is none.
static enum xylem_ostree_outcome apply_by_engine(const struct xylem_ostree_call* call,
                                                 OstreeSign* sign, GError** error) {
  g_autofree char* note = NULL;
  enum xylem_ostree_outcome outcome = XYLEM_OSTREE_LEFT;
  __typeof__(&xylem_ostree_apply_delta) engine = xylem_engine("xylem_ostree_apply_delta", &note);
  if (engine != NULL) outcome = engine(call, sign, &note, error);
  return logged(outcome, "delta ", call->source, note);
}

gboolean ostree_repo_static_delta_execute_offline_with_signature(
    OstreeRepo* self, GFile* dir_or_file, OstreeSign* sign, gboolean skip_validation,
    GCancellable* cancellable, GError** error) {
  g_autofree char* path = g_file_get_path(dir_or_file);
  const struct xylem_ostree_call call = {
      .repo = self,
      .source = path,
      .cancellable = cancellable,
  };
  const enum xylem_ostree_outcome outcome = apply_by_engine(&call, sign, error);
  if (outcome != XYLEM_OSTREE_LEFT) return outcome == XYLEM_OSTREE_DONE;
  __typeof__(&ostree_repo_static_delta_execute_offline_with_signature) real =
      xylem_real_function("ostree_repo_static_delta_execute_offline_with_signature");
  return real(self, dir_or_file, sign, skip_validation, cancellable, error);
}

gboolean ostree_repo_static_delta_execute_offline(OstreeRepo* self, GFile* dir_or_file,
                                                  gboolean skip_validation,
                                                  GCancellable* cancellable, GError** error) {
  return ostree_repo_static_delta_execute_offline_with_signature(
      self, dir_or_file, NULL, skip_validation, cancellable, error);
}
