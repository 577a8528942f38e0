/* Pointers are as C writes them. */
/* clang-format off */
#ifndef XYLEM_STORE_H
#define XYLEM_STORE_H

/**
 * \file
 * The C interface of the content store. It wraps xylem/store.hpp, which describes it in more detail.
 * The rules of xylem/xylem.h apply: functions return 0, NULL or -1 on failure and store an error.
 *
 * An object is named "<checksum>.<kind>". The kinds are "file", "dirtree", "dirmeta" and "commit".
 */

#include "xylem/xylem.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A repository as a content store; for one thread at a time. */
typedef struct xylem_store xylem_store;
xylem_store *xylem_store_open(const char *path, xylem_error **error);
/** Accepts NULL. What was made of it may still be used. */
void xylem_store_free(xylem_store *store);

/** What is known of an object. */
typedef struct xylem_object xylem_object;
/** Of the repository or a parent. Free it with xylem_object_free. */
xylem_object *xylem_store_info(const xylem_store *store, const char *object, xylem_error **error);
const char *xylem_object_name(const xylem_object *object);
/** Unpacked: of a file its content. */
uint64_t xylem_object_bytes(const xylem_object *object);
uint64_t xylem_object_stored_bytes(const xylem_object *object);
/** Seconds since the epoch. */
int64_t xylem_object_changed(const xylem_object *object);
int xylem_object_is_of_parent(const xylem_object *object);
/** NULL if it has no such label. */
const char *xylem_object_label(const xylem_object *object, const char *name);
/** Accepts NULL. */
void xylem_object_free(xylem_object *object);

/** Which objects to walk: all, until it is told otherwise. */
typedef struct xylem_object_filter xylem_object_filter;
xylem_object_filter *xylem_object_filter_new(void);
void xylem_object_filter_free(xylem_object_filter *filter);
/** Call it once for each kind. */
void xylem_object_filter_add_kind(xylem_object_filter *filter, const char *kind);
/** Of the checksum; NULL disables it. */
void xylem_object_filter_set_prefix(xylem_object_filter *filter, const char *prefix);
void xylem_object_filter_set_changed_before(xylem_object_filter *filter, int64_t time);
void xylem_object_filter_set_changed_since(xylem_object_filter *filter, int64_t time);
/** 1: what a ref or a lease leads to; 0: the rest; -1: both. */
void xylem_object_filter_set_reachable(xylem_object_filter *filter, int reachable);
/** A NULL value is any; a NULL name disables it. */
void xylem_object_filter_set_label(xylem_object_filter *filter, const char *name,
                                   const char *value);

/** `object` is valid during the call. Returns 0 to end the walk. */
typedef int (*xylem_object_function)(const xylem_object *object, void *user_data);
/** In the order of names. `filter` and `cancel` may be NULL. Returns 1, or 0 on failure. */
int xylem_store_walk(const xylem_store *store, const xylem_object_filter *filter,
                     xylem_object_function function, void *user_data, const xylem_cancel *cancel,
                     xylem_error **error);

/** Copies up to `size` bytes of an object from `offset` on; 0 is the end, -1 a failure. */
typedef struct xylem_reader xylem_reader;
xylem_reader *xylem_store_read(const xylem_store *store, const char *object, xylem_error **error);
uint64_t xylem_reader_size(const xylem_reader *reader);
int64_t xylem_reader_read(xylem_reader *reader, void *buffer, size_t size, uint64_t offset,
                          xylem_error **error);
/** Accepts NULL. */
void xylem_reader_free(xylem_reader *reader);

/** Deletes an object that nothing needs; else XYLEM_ERROR_INVALID_ARGUMENT. */
int xylem_store_remove(xylem_store *store, const char *object, const xylem_cancel *cancel,
                       xylem_error **error);

/** What is to be added: by default a file of root's with permissions 0644. */
typedef struct xylem_new_object xylem_new_object;
xylem_new_object *xylem_new_object_new(const char *kind);
void xylem_new_object_free(xylem_new_object *object);
void xylem_new_object_set_owner(xylem_new_object *object, uint32_t uid, uint32_t gid);
/** With S_IFREG or S_IFLNK. */
void xylem_new_object_set_mode(xylem_new_object *object, uint32_t mode);
/** Makes it a symlink, which has no bytes. */
void xylem_new_object_set_symlink(xylem_new_object *object, const char *target);
/** Bytes that must have come, and checksum that the object must have, when it is committed. */
void xylem_new_object_set_size(xylem_new_object *object, uint64_t bytes);
void xylem_new_object_set_expected(xylem_new_object *object, const char *checksum);
/** Keep the bytes of what is not as it must be. */
void xylem_new_object_set_keep_if_wrong(xylem_new_object *object, int keep);
/** A lease that shall keep the object. */
void xylem_new_object_set_lease(xylem_new_object *object, const char *lease);

/** An object on its way in, under a name that nobody else has. */
typedef struct xylem_ingest xylem_ingest;
/** Begins, or goes on. XYLEM_ERROR_LOCKED if another process has the name. */
xylem_ingest *xylem_store_ingest(xylem_store *store, const char *name,
                                 const xylem_new_object *object, xylem_error **error);
/** Bytes that are there: where the next one goes. */
uint64_t xylem_ingest_size(const xylem_ingest *ingest);
int xylem_ingest_write(xylem_ingest *ingest, const void *bytes, size_t size, xylem_error **error);
int xylem_ingest_truncate(xylem_ingest *ingest, uint64_t size, xylem_error **error);
/** Publishes the object and returns its name, to be freed with xylem_string_free. Once. */
char *xylem_ingest_commit(xylem_ingest *ingest, xylem_error **error);
/** Drops the bytes. */
int xylem_ingest_abort(xylem_ingest *ingest, xylem_error **error);
/** Lets the name go and keeps the bytes, unless they were committed or dropped. Accepts NULL. */
void xylem_ingest_free(xylem_ingest *ingest);

/** Makes a lease, or changes the one of this name; a NULL name is made up. `objects` end with NULL.
 * A NULL note, and an end of 0, stay as they are; an end is in seconds since the epoch. Returns the
 * name, to be freed with xylem_string_free. */
char *xylem_store_lease(xylem_store *store, const char *name, const char *const *objects,
                        const char *note, int64_t ends, xylem_error **error);
int xylem_store_release(xylem_store *store, const char *lease, xylem_error **error);

typedef struct xylem_leases xylem_leases;
/** Free the list with xylem_leases_free. */
xylem_leases *xylem_store_leases(const xylem_store *store, xylem_error **error);
size_t xylem_leases_count(const xylem_leases *leases);
/** These are NULL, or 0, past the end. */
const char *xylem_leases_name(const xylem_leases *leases, size_t index);
const char *xylem_leases_note(const xylem_leases *leases, size_t index);
int64_t xylem_leases_created(const xylem_leases *leases, size_t index);
/** 0: never. */
int64_t xylem_leases_ends(const xylem_leases *leases, size_t index);
size_t xylem_leases_count_objects(const xylem_leases *leases, size_t index);
const char *xylem_leases_object(const xylem_leases *leases, size_t index, size_t object);
void xylem_leases_free(xylem_leases *leases);

/** Sets a label; a NULL value removes it. */
int xylem_store_set_label(xylem_store *store, const char *object, const char *name,
                          const char *value, xylem_error **error);

#ifdef __cplusplus
}
#endif

#endif
