#ifndef XYLEM_DELTAS_H
#define XYLEM_DELTAS_H

/**
 * \file
 * The C interface for static deltas: list, make, verify, apply, delete. It wraps the functions of
 * the same names in xylem/repository.hpp; xylem/deltas.hpp describes the options. Errors and
 * strings follow the rules of xylem/xylem.h. `cancel` may always be NULL.
 */

#include <xylem/xylem.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Names of deltas. */
typedef struct xylem_delta_list xylem_delta_list;
xylem_delta_list* xylem_repository_deltas(const xylem_repository* repository, xylem_error** error);
size_t xylem_delta_list_count(const xylem_delta_list* list);
/** "FROM-TO" or "TO"; NULL past the end. */
const char* xylem_delta_list_get(const xylem_delta_list* list, size_t index);
void xylem_delta_list_free(xylem_delta_list* list);

/** How a delta is made. Starts with the defaults of `xylem static-delta generate`. */
typedef struct xylem_delta_options xylem_delta_options;
/** `to` is a ref or a commit; the delta starts from its parent. */
xylem_delta_options* xylem_delta_options_new(const char* to);
void xylem_delta_options_free(xylem_delta_options* options);
void xylem_delta_options_set_from(xylem_delta_options* options, const char* from);
/** The delta needs no commit. */
void xylem_delta_options_set_from_scratch(xylem_delta_options* options, int from_scratch);
/** One file. */
void xylem_delta_options_set_inline(xylem_delta_options* options, int inline_parts);
void xylem_delta_options_set_if_not_exists(xylem_delta_options* options, int if_not_exists);
void xylem_delta_options_set_disable_bsdiff(xylem_delta_options* options, int disable);
/** How numbers are written. Clients read both. */
void xylem_delta_options_set_big_endian(xylem_delta_options* options, int big_endian);
/** Bytes; 0 leaves no object out. */
void xylem_delta_options_set_min_fallback_size(xylem_delta_options* options, uint64_t bytes);
void xylem_delta_options_set_max_bsdiff_size(xylem_delta_options* options, uint64_t bytes);
void xylem_delta_options_set_max_chunk_size(xylem_delta_options* options, uint64_t bytes);
/** Bytes that applying may take; 0: any. */
void xylem_delta_options_set_for_memory(xylem_delta_options* options, uint64_t bytes);
/** Where the superblock goes, with the parts beside it. */
void xylem_delta_options_set_filename(xylem_delta_options* options, const char* filename);
/** A secret key in base64. Call it once for each. */
void xylem_delta_options_add_secret_key(xylem_delta_options* options, const char* key);
/** "ed25519" or "spki". */
void xylem_delta_options_set_sign_type(xylem_delta_options* options, const char* type);
/** Threads; 0: one for each processor. */
void xylem_delta_options_set_jobs(xylem_delta_options* options, unsigned jobs);
void xylem_delta_options_set_max_memory(xylem_delta_options* options, uint64_t bytes);

typedef struct xylem_delta_result {
  int existed;         /**< 1 if nothing was done. */
  uint64_t size;       /**< Of all files of the delta. */
  uint64_t loose_size; /**< That its objects take in this repository. */
  uint64_t copied_files;
  uint64_t patched_files;
  uint64_t fallbacks; /**< Objects that are left out. */
  uint64_t parts;
} xylem_delta_result;

/** Makes a delta. Returns 1, or 0 on failure: then an older delta stays as it was. `result` may be
 * NULL. */
int xylem_repository_generate_delta(xylem_repository* repository,
                                    const xylem_delta_options* options, const xylem_cancel* cancel,
                                    xylem_delta_result* result, xylem_error** error);

/** Public keys that verify deltas. */
typedef struct xylem_delta_keys xylem_delta_keys;
/** `sign_type` is "ed25519" or "spki". */
xylem_delta_keys* xylem_delta_keys_new(const char* sign_type);
void xylem_delta_keys_free(xylem_delta_keys* keys);
/** In base64. Call it once for each. */
void xylem_delta_keys_add(xylem_delta_keys* keys, const char* key);
void xylem_delta_keys_set_file(xylem_delta_keys* keys, const char* path);

/** Checks the signature of a delta, by its name or at a path with a slash in it. Returns 1, or 0 on
 * failure: XYLEM_ERROR_SIGNATURE_INVALID unless one of the keys made one. */
int xylem_repository_verify_delta(const xylem_repository* repository, const char* delta,
                                  const xylem_delta_keys* keys, xylem_error** error);

typedef struct xylem_delta_applied {
  int was_complete; /**< 1 if the commit was here. */
  uint64_t objects_made;
  uint64_t objects_present;
} xylem_delta_applied;

/** Brings the commit of a delta in files here, all or nothing; no ref is set. With keys, which may
 * be NULL, the delta must be signed by one of them. Returns 1, or 0 on failure. `result` may be
 * NULL. */
int xylem_repository_apply_delta(xylem_repository* repository, const char* path,
                                 const xylem_delta_keys* keys, const xylem_cancel* cancel,
                                 xylem_delta_applied* result, xylem_error** error);

/** Returns 1, or 0 on failure. */
int xylem_repository_delete_delta(xylem_repository* repository, const char* delta,
                                  xylem_error** error);
/** Makes the indexes say which deltas there are. Returns 1, or 0 on failure. */
int xylem_repository_reindex_deltas(xylem_repository* repository, xylem_error** error);

#ifdef __cplusplus
}
#endif

#endif
