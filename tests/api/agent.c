/* The C interface from C: agent REPOSITORY URL REF */

#include <stdio.h>
#include <string.h>
#include <xylem/maintenance.h>

static int fail(xylem_error* error) {
  const xylem_error_kind kind = xylem_error_get_kind(error);
  fprintf(stderr, "error (%s): %s\n", xylem_error_kind_name(kind), xylem_error_message(error));
  xylem_error_free(error);
  return xylem_error_kind_exit_code(kind);
}

static void on_progress(const xylem_progress* progress, void* calls) {
  if (xylem_progress_phase(progress)[0] != '\0') ++*(int*)calls;
}

int main(int argc, char** argv) {
  xylem_error* error = NULL;
  int calls = 0;
  if (argc != 4) return 2;

  xylem_repository* repository = xylem_repository_create(argv[1], "bare-user", &error);
  if (!repository) return fail(error);
  if (!xylem_repository_set_remote(repository, "origin", argv[2], 0, &error)) return fail(error);

  xylem_pull_options* options = xylem_pull_options_new("origin");
  xylem_pull_options_add_ref(options, argv[3]);
  xylem_cancel* cancel = xylem_cancel_new();
  xylem_pull_result* result =
      xylem_repository_pull(repository, options, on_progress, &calls, cancel, &error);
  if (!result) return fail(error);

  char* commit = xylem_repository_resolve(repository, "origin:test", &error);
  if (!commit) return fail(error);
  printf("%s files=%llu refs=%llu progress=%s\n", commit,
         (unsigned long long)xylem_pull_result_get(result, XYLEM_RESULT_CONTENT_FETCHED),
         (unsigned long long)xylem_pull_result_get(result, XYLEM_RESULT_REFS_CHANGED),
         calls > 0 ? "yes" : "no");
  if (strcmp(xylem_pull_result_commit(result, 0), commit) != 0) return 6;
  xylem_pull_result_free(result);
  xylem_string_free(commit);

  /* Nothing is left to do, or half done. */
  xylem_repair_result repaired;
  xylem_report* report = xylem_repository_repair(repository, NULL, &repaired, &error);
  if (!report) return fail(error);
  if (!repaired.good || xylem_report_count(report, XYLEM_REPORT_PROBLEMS) != 0) return 4;
  xylem_report_free(report);
  xylem_transfers* transfers = xylem_repository_transfers(repository, &error);
  if (!transfers) return fail(error);
  if (xylem_transfers_count(transfers) != 0) return 5;
  xylem_transfers_free(transfers);

  /* A cancelled pull fails, and says so. */
  xylem_cancel_request(cancel);
  if (xylem_repository_pull(repository, options, NULL, NULL, cancel, &error)) return 3;
  if (xylem_error_get_kind(error) != XYLEM_ERROR_CANCELLED) return fail(error);
  xylem_error_free(error);

  xylem_cancel_free(cancel);
  xylem_pull_options_free(options);
  xylem_repository_free(repository);
  return 0;
}
