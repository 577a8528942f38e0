#ifndef XYLEM_MAINTENANCE_H
#define XYLEM_MAINTENANCE_H

/**
 * \file
 * The C interface for maintenance: prune, recover, repair and transfers. It wraps the functions of
 * the same names in xylem/repository.hpp, which describes them in more detail. Errors and strings
 * follow the rules of xylem/xylem.h. `cancel` may always be NULL.
 */

#include <xylem/xylem.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Messages of a finished operation. Free it with xylem_report_free. */
typedef struct xylem_report xylem_report;

typedef enum xylem_report_list {
  XYLEM_REPORT_FAILURES,  /**< Entries that failed; all others were done. */
  XYLEM_REPORT_REMOVED,   /**< Of recover: names in tmp/. */
  XYLEM_REPORT_IN_USE,    /**< Of recover: names in tmp/ that are still in use. */
  XYLEM_REPORT_PROBLEMS,  /**< Of repair: problems found. */
  XYLEM_REPORT_REPAIRED,  /**< Of repair: commits. */
  XYLEM_REPORT_BROKEN,    /**< Of repair: commits that stay marked partial. */
  XYLEM_REPORT_REMAINING, /**< Of repair: problems that remain. */
  XYLEM_REPORT_LEFT_OVER, /**< Of recover: names in tmp/ that a later pull can go on with. */
  XYLEM_REPORT_LISTS
} xylem_report_list;

size_t xylem_report_count(const xylem_report* report, xylem_report_list list);
/** NULL past the end. */
const char* xylem_report_text(const xylem_report* report, xylem_report_list list, size_t index);
void xylem_report_free(xylem_report* report);

/** What a prune keeps. Starts with the defaults of `ostree prune`. */
typedef struct xylem_prune_options xylem_prune_options;
xylem_prune_options* xylem_prune_options_new(void);
void xylem_prune_options_free(xylem_prune_options* options);
/** Keep only commits that are reachable from refs. */
void xylem_prune_options_set_refs_only(xylem_prune_options* options, int refs_only);
/** Number of parents to keep with each commit; -1 keeps all of them. */
void xylem_prune_options_set_depth(xylem_prune_options* options, int depth);
/** Keep the commits of each ref that are not older, in seconds since the epoch. */
void xylem_prune_options_set_keep_younger_than(xylem_prune_options* options, int64_t time);
/** Sets the depth for one "ref" or "remote:ref". Call it once for each. */
void xylem_prune_options_retain_branch_depth(xylem_prune_options* options, const char* ref,
                                             int depth);
/** Prunes only this branch; others keep their history. Call it once for each. */
void xylem_prune_options_add_only_branch(xylem_prune_options* options, const char* ref);
/** A checksum. No ref may point to the commit. */
void xylem_prune_options_set_delete_commit(xylem_prune_options* options, const char* commit);
void xylem_prune_options_set_static_deltas_only(xylem_prune_options* options, int only);
/** Delete nothing but commits. */
void xylem_prune_options_set_commit_only(xylem_prune_options* options, int only);
/** Count, but delete nothing. */
void xylem_prune_options_set_no_prune(xylem_prune_options* options, int no_prune);

typedef struct xylem_prune_result {
  uint64_t objects_total;  /**< Before. */
  uint64_t objects_pruned; /**< With no_prune: that would be pruned. */
  uint64_t bytes_freed;
} xylem_prune_result;

/** Deletes unreachable objects. `result` may be NULL. Waits for running pulls, at most
 * core.lock-timeout-secs; then fails with XYLEM_ERROR_LOCKED. */
xylem_report* xylem_repository_prune(xylem_repository* repository,
                                     const xylem_prune_options* options, const xylem_cancel* cancel,
                                     xylem_prune_result* result, xylem_error** error);

/** Removes files that killed processes left in tmp/ and that are of no use any more. */
xylem_report* xylem_repository_recover(xylem_repository* repository, const xylem_cancel* cancel,
                                       xylem_error** error);
/** As above, and also removes what a later pull could go on with. */
xylem_report* xylem_repository_recover_all(xylem_repository* repository, const xylem_cancel* cancel,
                                           xylem_error** error);

typedef struct xylem_repair_result {
  uint64_t commits_checked;
  uint64_t objects_checked;
  int good; /**< 1 if no problem remains. */
} xylem_repair_result;

/** Checks all objects, removes corrupt ones, and fetches corrupt and missing ones again. The report
 * lists what could not be repaired. `result` may be NULL. */
xylem_report* xylem_repository_repair(xylem_repository* repository, const xylem_cancel* cancel,
                                      xylem_repair_result* result, xylem_error** error);

/** A pull, one large download of a pull, or an object that a program adds. Its strings belong to
 * the list. */
typedef struct xylem_transfer {
  const char* name;        /**< What xylem_repository_abort_transfer takes. */
  const char* kind;        /**< "pull", "object" or "ingest". */
  const char* state;       /**< "active", "paused" or "stale". */
  const char* remote;      /**< Of a pull; "" if unknown. */
  const char* const* refs; /**< Of a pull, as requested; ends with NULL. */
  int64_t pid;             /**< Of the owner; 0 if it has ended or is unknown. */
  uint64_t bytes;          /**< So far. */
  uint64_t total;          /**< 0 if unknown. */
  int64_t started;         /**< Seconds since the epoch; 0 if unknown. */
  int64_t updated;
} xylem_transfer;

/** The running and interrupted downloads of a repository, by any process. */
typedef struct xylem_transfers xylem_transfers;
xylem_transfers* xylem_repository_transfers(const xylem_repository* repository,
                                            xylem_error** error);
size_t xylem_transfers_count(const xylem_transfers* transfers);
/** NULL past the end. */
const xylem_transfer* xylem_transfers_get(const xylem_transfers* transfers, size_t index);
void xylem_transfers_free(xylem_transfers* transfers);

/** Stops the pull that owns the transfer, in whatever process, and deletes its partial data.
 * Returns 1, or 0 on failure: XYLEM_ERROR_LOCKED if the owner does not react. */
int xylem_repository_abort_transfer(xylem_repository* repository, const char* name,
                                    const xylem_cancel* cancel, xylem_error** error);

#ifdef __cplusplus
}
#endif

#endif
