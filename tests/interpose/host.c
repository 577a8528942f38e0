// A program that was written for libostree, and pulls in one of several ways.
//
//   host WAY REPOSITORY SOURCE REF
//
// Prints what came of it. A failure is printed as "error: DOMAIN CODE: MESSAGE".

#include <dirent.h>
#include <fcntl.h>
#include <ostree.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct job {
  const char* repository;
  const char* source;
  const char* ref;
};

static OstreeRepo* open_repository(const struct job* job, GError** error) {
  g_autoptr(GFile) path = g_file_new_for_path(job->repository);
  g_autoptr(OstreeRepo) repo = ostree_repo_new(path);
  return ostree_repo_open(repo, NULL, error) ? g_steal_pointer(&repo) : NULL;
}

static GVariant* options_for(const struct job* job, const char* key, GVariant* value) {
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT(NULL);
  const char* refs[] = {job->ref, NULL};
  g_variant_dict_insert_value(&options, "refs", g_variant_new_strv(refs, -1));
  if (key != NULL) g_variant_dict_insert_value(&options, key, value);
  return g_variant_ref_sink(g_variant_dict_end(&options));
}

static gboolean pull_with(OstreeRepo* repo, const struct job* job, const char* key, GVariant* value,
                          OstreeAsyncProgress* progress, GCancellable* cancellable,
                          GError** error) {
  g_autoptr(GVariant) options = options_for(job, key, value);
  return ostree_repo_pull_with_options(repo, job->source, options, progress, cancellable, error);
}

static gboolean pull_plainly(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  char* refs[] = {(char*)job->ref, NULL};
  return repo != NULL &&
         ostree_repo_pull(repo, job->source, refs, OSTREE_REPO_PULL_FLAGS_NONE, NULL, NULL, error);
}

/// As flatpak does; a key that is missing or has another type ends the program.
static void read_keys(OstreeAsyncProgress* progress, gpointer count) {
  guint32 u[12];
  guint64 t[5];
  gboolean caught_error = FALSE;
  g_autofree char* status = NULL;
  ostree_async_progress_get(
      progress, "status", "s", &status, "start-time", "t", &t[0], "bytes-transferred", "t", &t[1],
      "fetched-delta-part-size", "t", &t[2], "total-delta-part-size", "t", &t[3],
      "total-delta-part-usize", "t", &t[4], "outstanding-fetches", "u", &u[0], "outstanding-writes",
      "u", &u[1], "fetched", "u", &u[2], "requested", "u", &u[3], "scanning", "u", &u[4],
      "scanned-metadata", "u", &u[5], "outstanding-metadata-fetches", "u", &u[6],
      "metadata-fetched", "u", &u[7], "fetched-delta-parts", "u", &u[8], "total-delta-parts", "u",
      &u[9], "fetched-delta-fallbacks", "u", &u[10], "total-delta-superblocks", "u", &u[11],
      "caught-error", "b", &caught_error, NULL);
  ++*(unsigned*)count;
}

static gboolean pull_with_progress(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  if (repo == NULL) return FALSE;
  unsigned count = 0;
  g_autoptr(OstreeAsyncProgress) progress =
      ostree_async_progress_new_and_connect(read_keys, &count);
  const gboolean pulled = pull_with(repo, job, NULL, NULL, progress, NULL, error);
  ostree_async_progress_finish(progress);
  g_autofree char* status = ostree_async_progress_get_status(progress);
  if (pulled) printf("%s\nchanged: %s\n", status, count > 0 ? "yes" : "no");
  return pulled;
}

static gboolean pull_in_transaction(const struct job* job, gboolean commit, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  if (repo == NULL || !ostree_repo_prepare_transaction(repo, NULL, NULL, error)) return FALSE;
  GVariant* inherit = g_variant_new_boolean(TRUE);
  if (!pull_with(repo, job, "inherit-transaction", inherit, NULL, NULL, error)) return FALSE;
  if (!commit) return ostree_repo_abort_transaction(repo, NULL, error);
  return ostree_repo_commit_transaction(repo, NULL, NULL, error);
}

static gboolean pull_and_commit(const struct job* job, GError** error) {
  return pull_in_transaction(job, TRUE, error);
}

static gboolean pull_and_abort(const struct job* job, GError** error) {
  return pull_in_transaction(job, FALSE, error);
}

static gboolean pull_under_lock(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  if (repo == NULL || !ostree_repo_lock_push(repo, OSTREE_REPO_LOCK_EXCLUSIVE, NULL, error))
    return FALSE;
  const gboolean pulled = pull_with(repo, job, NULL, NULL, NULL, NULL, error);
  return ostree_repo_lock_pop(repo, OSTREE_REPO_LOCK_EXCLUSIVE, NULL, pulled ? error : NULL) &&
         pulled;
}

static gboolean pull_with_unknown_option(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  return repo != NULL &&
         pull_with(repo, job, "x-unknown", g_variant_new_boolean(TRUE), NULL, NULL, error);
}

static gint64 cancelled_at;

static gboolean cancel(gpointer cancellable) {
  cancelled_at = g_get_monotonic_time();
  g_cancellable_cancel(cancellable);
  return G_SOURCE_REMOVE;
}

/// From a timer of the main context that the pull has to run.
static gboolean pull_and_cancel(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_timeout_add(300, cancel, cancellable);
  const gboolean pulled =
      repo != NULL && pull_with(repo, job, NULL, NULL, NULL, cancellable, error);
  printf("returned %d ms later\n", (int)((g_get_monotonic_time() - cancelled_at) / 1000));
  return pulled;
}

static gpointer pull_in_thread(gpointer job) {
  g_autoptr(GMainContext) context = g_main_context_new();
  g_main_context_push_thread_default(context);
  GError* error = NULL;
  pull_with_progress(job, &error);
  g_main_context_pop_thread_default(context);
  return error;
}

enum { thread_count = 8 };

static gboolean pull_each_in_thread(const struct job* jobs, GError** error) {
  GThread* threads[thread_count];
  for (gsize i = 0; i < thread_count; ++i)
    threads[i] = g_thread_new("pull", pull_in_thread, (gpointer)&jobs[i]);
  for (gsize i = 0; i < thread_count; ++i) {
    GError* failure = g_thread_join(threads[i]);
    if (failure != NULL && *error == NULL)
      *error = failure;
    else
      g_clear_error(&failure);
  }
  return *error == NULL;
}

static gboolean pull_in_threads(const struct job* job, GError** error) {
  struct job jobs[thread_count];
  for (gsize i = 0; i < thread_count; ++i) jobs[i] = *job;
  return pull_each_in_thread(jobs, error);
}

/// The repositories are in a directory, by the names 0, 1 and so on.
static gboolean pull_into_repositories(const struct job* job, GError** error) {
  struct job jobs[thread_count];
  char paths[thread_count][4096];
  for (gsize i = 0; i < thread_count; ++i) {
    g_snprintf(paths[i], sizeof paths[i], "%s/%d", job->repository, (int)i);
    jobs[i] = (struct job){paths[i], job->source, job->ref};
  }
  return pull_each_in_thread(jobs, error);
}

/// A line for each thread or descriptor of this process.
static void describe_directory(GString* text, const char* path) {
  const int lister = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* directory = fdopendir(lister);
  for (struct dirent* entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    g_autofree char* file = g_build_filename(path, entry->d_name, NULL);
    g_autofree char* target = g_file_read_link(file, NULL);
    if (atoi(entry->d_name) != lister || strstr(path, "task") != NULL)
      g_string_append_printf(text, "%s %s\n", file, target == NULL ? "" : target);
  }
  closedir(directory);
}

/// What a library must not change in a program that it is a guest of.
static char* describe_process(void) {
  GString* text = g_string_new(NULL);
  describe_directory(text, "/proc/self/task");
  describe_directory(text, "/proc/self/fd");
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0)
      g_string_append_printf(text, "signal %d %zx\n", number, (gsize)action.sa_handler);
  }
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  for (int number = 1; number < NSIG; ++number)
    if (sigismember(&blocked, number) == 1) g_string_append_printf(text, "blocked %d\n", number);
  for (char** variable = environ; *variable != NULL; ++variable)
    g_string_append_printf(text, "%s\n", *variable);
  g_autofree char* here = g_get_current_dir();
  const mode_t mask = umask(022);
  umask(mask);
  g_string_append_printf(text, "directory %s, mask %o\n", here, (unsigned)mask);
  return g_string_free(text, FALSE);
}

static void print_difference(const char* before, const char* after) {
  g_auto(GStrv) old = g_strsplit(before, "\n", -1);
  g_auto(GStrv) new = g_strsplit(after, "\n", -1);
  for (char** line = old; *line != NULL; ++line)
    if (!g_strv_contains((const char* const*)new, *line)) printf("gone: %s\n", *line);
  for (char** line = new; *line != NULL; ++line)
    if (!g_strv_contains((const char* const*)old, *line)) printf("left behind: %s\n", *line);
}

/// Opening a repository initializes GPGME, which ignores SIGPIPE; the default context has a
/// descriptor.
static gboolean pull_and_compare(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) opened = open_repository(job, error);
  if (opened == NULL || g_main_context_default() == NULL) return FALSE;
  g_autofree char* before = describe_process();
  const gboolean pulled = pull_with_progress(job, error);
  g_autofree char* after = describe_process();
  print_difference(before, after);
  return pulled;
}

static void print_bytes(const char* what, GBytes* bytes) {
  g_autofree char* digest =
      bytes == NULL ? NULL : g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
  printf("%s %s\n", what, digest == NULL ? "none" : digest);
}

static gboolean fetch_summary_with(const struct job* job, GVariant* options,
                                   GCancellable* cancellable, GError** error) {
  g_autoptr(GVariant) owned = options == NULL ? NULL : g_variant_ref_sink(options);
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  if (repo == NULL) return FALSE;
  g_autoptr(GBytes) summary = NULL;
  g_autoptr(GBytes) signatures = NULL;
  if (!ostree_repo_remote_fetch_summary_with_options(repo, job->source, owned, &summary,
                                                     &signatures, cancellable, error))
    return FALSE;
  print_bytes("summary", summary);
  print_bytes("signatures", signatures);
  return TRUE;
}

static GVariant* option(const char* key, GVariant* value) {
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT(NULL);
  g_variant_dict_insert_value(&options, key, value);
  return g_variant_dict_end(&options);
}

static gboolean fetch_summary(const struct job* job, GError** error) {
  return fetch_summary_with(job, NULL, NULL, error);
}

static gboolean fetch_summary_with_unknown_option(const struct job* job, GError** error) {
  return fetch_summary_with(job, option("x-unknown", g_variant_new_boolean(TRUE)), NULL, error);
}

/// The reference is the URL.
static gboolean fetch_summary_from_url(const struct job* job, GError** error) {
  return fetch_summary_with(job, option("override-url", g_variant_new_string(job->ref)), NULL,
                            error);
}

static gboolean fetch_summary_and_cancel(const struct job* job, GError** error) {
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_timeout_add(300, cancel, cancellable);
  return fetch_summary_with(job, NULL, cancellable, error);
}

/// The source is the delta; the reference a key of the engine for tests, or empty.
static gboolean apply_delta(const struct job* job, GError** error) {
  g_autoptr(OstreeRepo) repo = open_repository(job, error);
  g_autoptr(GFile) delta = g_file_new_for_path(job->source);
  g_autoptr(OstreeSign) sign = NULL;
  if (repo == NULL) return FALSE;
  if (*job->ref != '\0') {
    sign = ostree_sign_get_by_name("dummy", error);
    GVariant* key = g_variant_new_string(job->ref);
    if (sign == NULL || !ostree_sign_set_pk(sign, key, error)) return FALSE;
  }
  if (!ostree_repo_prepare_transaction(repo, NULL, NULL, error)) return FALSE;
  if (!ostree_repo_static_delta_execute_offline_with_signature(repo, delta, sign, FALSE, NULL,
                                                               error))
    return FALSE;
  return ostree_repo_commit_transaction(repo, NULL, NULL, error);
}

struct way {
  const char* name;
  gboolean (*pull)(const struct job*, GError**);
};

static const struct way ways[] = {
    {"plain", pull_plainly},
    {"progress", pull_with_progress},
    {"commit", pull_and_commit},
    {"abort", pull_and_abort},
    {"locked", pull_under_lock},
    {"unknown-option", pull_with_unknown_option},
    {"cancelled", pull_and_cancel},
    {"threads", pull_in_threads},
    {"repositories", pull_into_repositories},
    {"compared", pull_and_compare},
    {"summary", fetch_summary},
    {"delta", apply_delta},
    {"summary-unknown-option", fetch_summary_with_unknown_option},
    {"summary-from-url", fetch_summary_from_url},
    {"summary-cancelled", fetch_summary_and_cancel},
};

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const struct job job = {argv[2], argv[3], argv[4]};
  g_autoptr(GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(ways); ++i) {
    if (strcmp(ways[i].name, argv[1]) != 0) continue;
    if (ways[i].pull(&job, &error)) return 0;
    printf("error: %s %d: %s\n", g_quark_to_string(error->domain), error->code, error->message);
    return 1;
  }
  return 2;
}
