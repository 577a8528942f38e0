/* The C interface from C: agent REPOSITORY URL REF */

#include <stdio.h>
#include <xylem/maintenance.h>

static int fail(xylem_error *error) {
  fprintf(stderr, "error %d: %s\n", xylem_error_get_kind(error), xylem_error_message(error));
  xylem_error_free(error);
  return 1;
}

static void on_progress(const xylem_progress *progress, void *calls) {
  (void)progress;
  ++*(int *)calls;
}

int main(int argc, char **argv) {
  xylem_error *error = NULL;
  xylem_pull_result result;
  int calls = 0;
  if (argc != 4) return 2;

  xylem_repository *repository = xylem_repository_create(argv[1], "bare-user", &error);
  if (!repository) return fail(error);
  if (!xylem_repository_set_remote(repository, "origin", argv[2], 0, &error)) return fail(error);

  xylem_pull_options *options = xylem_pull_options_new("origin");
  xylem_pull_options_add_ref(options, argv[3]);
  xylem_cancel *cancel = xylem_cancel_new();
  if (!xylem_repository_pull(repository, options, on_progress, &calls, cancel, &result, &error))
    return fail(error);

  char *commit = xylem_repository_resolve(repository, "origin:test", &error);
  if (!commit) return fail(error);
  printf("%s files=%llu refs=%llu progress=%s\n", commit,
         (unsigned long long)result.content_fetched, (unsigned long long)result.refs_changed,
         calls > 0 ? "yes" : "no");
  xylem_string_free(commit);

  /* Nothing is left to do, or half done. */
  xylem_repair_result repaired;
  xylem_report *report = xylem_repository_repair(repository, NULL, &repaired, &error);
  if (!report) return fail(error);
  if (!repaired.good || xylem_report_count(report, XYLEM_REPORT_PROBLEMS) != 0) return 4;
  xylem_report_free(report);
  xylem_transfers *transfers = xylem_repository_transfers(repository, &error);
  if (!transfers) return fail(error);
  if (xylem_transfers_count(transfers) != 0) return 5;
  xylem_transfers_free(transfers);

  /* A cancelled pull fails, and says so. */
  xylem_cancel_request(cancel);
  if (xylem_repository_pull(repository, options, NULL, NULL, cancel, NULL, &error)) return 3;
  if (xylem_error_get_kind(error) != XYLEM_ERROR_CANCELLED) return fail(error);
  xylem_error_free(error);

  xylem_cancel_free(cancel);
  xylem_pull_options_free(options);
  xylem_repository_free(repository);
  return 0;
}
