#ifndef XYLEM_MAINTENANCE_H
#define XYLEM_MAINTENANCE_H

/**
 * \file
 * The C interface to what keeps a repository small and whole, and to its transfers. A thin cover of
 * the functions of the same names in xylem/repository.hpp, which says more about them. Rules for
 * errors and strings are those of xylem/xylem.h. `cancel` may be NULL everywhere.
 */

#include <xylem/xylem.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Texts that a task has left; free it with xylem_report_free. */
typedef struct xylem_report xylem_report;

typedef enum xylem_report_list {
  XYLEM_REPORT_FAILURES,  /**< What could not be done to single entries; all else was. */
  XYLEM_REPORT_REMOVED,   /**< Of recover: names in tmp/. */
  XYLEM_REPORT_IN_USE,    /**< Of recover: names in tmp/ that somebody still uses. */
  XYLEM_REPORT_PROBLEMS,  /**< Of repair: what was found. */
  XYLEM_REPORT_REPAIRED,  /**< Of repair: commits. */
  XYLEM_REPORT_BROKEN,    /**< Of repair: commits that stay marked partial. */
  XYLEM_REPORT_REMAINING, /**< Of repair: problems that are still there. */
  XYLEM_REPORT_LISTS
} xylem_report_list;

size_t xylem_report_count(const xylem_report *report, xylem_report_list list);
/** NULL past the end. */
const char *xylem_report_text(const xylem_report *report, xylem_report_list list, size_t index);
void xylem_report_free(xylem_report *report);

/** What a prune keeps; made with the defaults of `ostree prune`. */
typedef struct xylem_prune_options xylem_prune_options;
xylem_prune_options *xylem_prune_options_new(void);
void xylem_prune_options_free(xylem_prune_options *options);
/** Keep what refs lead to, not every commit. */
void xylem_prune_options_set_refs_only(xylem_prune_options *options, int refs_only);
/** Parents that are kept with each commit; -1 is all of them. */
void xylem_prune_options_set_depth(xylem_prune_options *options, int depth);
/** Keep the history behind each ref as far as it is no older; seconds since the epoch. */
void xylem_prune_options_set_keep_younger_than(xylem_prune_options *options, int64_t time);
/** A depth for one "ref" or "remote:ref". May be called again for more. */
void xylem_prune_options_retain_branch_depth(xylem_prune_options *options, const char *ref,
                                             int depth);
/** The other branches keep their history. May be called again for more. */
void xylem_prune_options_add_only_branch(xylem_prune_options *options, const char *ref);
/** A checksum; the commit must have no ref. */
void xylem_prune_options_set_delete_commit(xylem_prune_options *options, const char *commit);
void xylem_prune_options_set_static_deltas_only(xylem_prune_options *options, int only);
/** Delete nothing but commits. */
void xylem_prune_options_set_commit_only(xylem_prune_options *options, int only);
/** Only count. */
void xylem_prune_options_set_no_prune(xylem_prune_options *options, int no_prune);

typedef struct xylem_prune_result {
  uint64_t objects_total;  /**< Before. */
  uint64_t objects_pruned; /**< Or that would be, with no_prune. */
  uint64_t bytes_freed;
} xylem_prune_result;

/** Deletes what nothing needs. `result` may be NULL. Waits for pulls that are under way, for as long
 * as core.lock-timeout-secs says; then the error is XYLEM_ERROR_LOCKED. */
xylem_report *xylem_repository_prune(xylem_repository *repository,
                                     const xylem_prune_options *options,
                                     const xylem_cancel *cancel, xylem_prune_result *result,
                                     xylem_error **error);

/** Removes what processes that were killed left in tmp/. */
xylem_report *xylem_repository_recover(xylem_repository *repository, const xylem_cancel *cancel,
                                       xylem_error **error);

typedef struct xylem_repair_result {
  uint64_t commits_checked;
  uint64_t objects_checked;
  int good; /**< 1 if nothing is broken now. */
} xylem_repair_result;

/** Checks all objects, removes bad ones, and fetches what is bad or missing again. What cannot be
 * repaired is in the report. `result` may be NULL. */
xylem_report *xylem_repository_repair(xylem_repository *repository, const xylem_cancel *cancel,
                                      xylem_repair_result *result, xylem_error **error);

/** A pull, or one large download of it. Its strings belong to the list. */
typedef struct xylem_transfer {
  const char *name;        /**< What xylem_repository_abort_transfer takes. */
  const char *kind;        /**< "pull" or "object". */
  const char *state;       /**< "active", "paused" or "stale". */
  const char *remote;      /**< Of a pull; "" if unknown. */
  const char *const *refs; /**< Of a pull, as asked for; ends with NULL. */
  int64_t pid;             /**< The owner's; 0 if it is gone or unknown. */
  uint64_t bytes;          /**< So far. */
  uint64_t total;          /**< 0 if unknown. */
  int64_t started;         /**< Seconds since the epoch; 0 if unknown. */
  int64_t updated;
} xylem_transfer;

/** What any process is downloading into a repository, or has left half done. */
typedef struct xylem_transfers xylem_transfers;
xylem_transfers *xylem_repository_transfers(const xylem_repository *repository,
                                            xylem_error **error);
size_t xylem_transfers_count(const xylem_transfers *transfers);
/** NULL past the end. */
const xylem_transfer *xylem_transfers_get(const xylem_transfers *transfers, size_t index);
void xylem_transfers_free(xylem_transfers *transfers);

/** Ends the pull that owns the transfer, wherever it runs, and deletes what is there of it: 1, or 0
 * on failure. XYLEM_ERROR_LOCKED if the owner does not react. */
int xylem_repository_abort_transfer(xylem_repository *repository, const char *name,
                                    const xylem_cancel *cancel, xylem_error **error);

#ifdef __cplusplus
}
#endif

#endif
