// The C interface to static deltas.

#include <vector>

#include "capi/c_types.hpp"
#include "xylem/deltas.h"

using xylem::DeltaOptions;
using xylem::api::guarded;
using xylem::api::optional_text;
using xylem::api::required;
using xylem::api::set;
using xylem::api::token_of;

struct xylem_delta_list {
  std::vector<std::string> names;
};

struct xylem_delta_options {
  DeltaOptions options;
};

struct xylem_delta_keys {
  xylem::DeltaKeys keys;
};

xylem_delta_list* xylem_repository_deltas(const xylem_repository* repository, xylem_error** error) {
  return guarded(error, [&] {
    return new xylem_delta_list{required(repository, "repository")->repository.deltas()};
  });
}
size_t xylem_delta_list_count(const xylem_delta_list* list) {
  return list != nullptr ? list->names.size() : 0;
}
const char* xylem_delta_list_get(const xylem_delta_list* list, size_t index) {
  return index < xylem_delta_list_count(list) ? list->names[index].c_str() : nullptr;
}
void xylem_delta_list_free(xylem_delta_list* list) {
  delete list;
}

xylem_delta_options* xylem_delta_options_new(const char* to) {
  auto* created = new xylem_delta_options;
  created->options.to = optional_text(to).value_or("");
  return created;
}
void xylem_delta_options_free(xylem_delta_options* options) {
  delete options;
}
void xylem_delta_options_set_from(xylem_delta_options* options, const char* from) {
  set(options, &DeltaOptions::from, optional_text(from));
}
void xylem_delta_options_set_from_scratch(xylem_delta_options* options, int from_scratch) {
  set(options, &DeltaOptions::from_scratch, from_scratch != 0);
}
void xylem_delta_options_set_inline(xylem_delta_options* options, int inline_parts) {
  set(options, &DeltaOptions::inline_parts, inline_parts != 0);
}
void xylem_delta_options_set_if_not_exists(xylem_delta_options* options, int if_not_exists) {
  set(options, &DeltaOptions::if_not_exists, if_not_exists != 0);
}
void xylem_delta_options_set_disable_bsdiff(xylem_delta_options* options, int disable) {
  set(options, &DeltaOptions::disable_bsdiff, disable != 0);
}
void xylem_delta_options_set_big_endian(xylem_delta_options* options, int big_endian) {
  set(options, &DeltaOptions::big_endian, big_endian != 0);
}
void xylem_delta_options_set_min_fallback_size(xylem_delta_options* options, uint64_t bytes) {
  set(options, &DeltaOptions::min_fallback_size, bytes);
}
void xylem_delta_options_set_max_bsdiff_size(xylem_delta_options* options, uint64_t bytes) {
  set(options, &DeltaOptions::max_bsdiff_size, bytes);
}
void xylem_delta_options_set_max_chunk_size(xylem_delta_options* options, uint64_t bytes) {
  set(options, &DeltaOptions::max_chunk_size, bytes);
}
void xylem_delta_options_set_for_memory(xylem_delta_options* options, uint64_t bytes) {
  set(options, &DeltaOptions::for_memory, bytes);
}
void xylem_delta_options_set_filename(xylem_delta_options* options, const char* filename) {
  set(options, &DeltaOptions::filename, optional_text(filename).value_or(""));
}
void xylem_delta_options_add_secret_key(xylem_delta_options* options, const char* key) {
  if (options != nullptr) options->options.secret_keys.push_back(optional_text(key).value_or(""));
}
void xylem_delta_options_set_sign_type(xylem_delta_options* options, const char* type) {
  set(options, &DeltaOptions::sign_type, optional_text(type).value_or(""));
}
void xylem_delta_options_set_jobs(xylem_delta_options* options, unsigned jobs) {
  set(options, &DeltaOptions::jobs, jobs);
}
void xylem_delta_options_set_max_memory(xylem_delta_options* options, uint64_t bytes) {
  set(options, &DeltaOptions::max_memory, bytes);
}

int xylem_repository_generate_delta(xylem_repository* repository,
                                    const xylem_delta_options* options, const xylem_cancel* cancel,
                                    xylem_delta_result* result, xylem_error** error) {
  return guarded(error, [&] {
    const auto made =
        required(repository, "repository")
            ->repository.generate_delta(required(options, "options")->options, token_of(cancel));
    if (result != nullptr)
      *result = {made.existed ? 1 : 0,  made.size,          made.loose_size,
                 made.copied_files,     made.patched_files, made.fallbacks.size(),
                 made.part_sizes.size()};
    return 1;
  });
}

xylem_delta_keys* xylem_delta_keys_new(const char* sign_type) {
  auto* created = new xylem_delta_keys;
  if (sign_type != nullptr) created->keys.sign_type = sign_type;
  return created;
}
void xylem_delta_keys_free(xylem_delta_keys* keys) {
  delete keys;
}
void xylem_delta_keys_add(xylem_delta_keys* keys, const char* key) {
  if (keys != nullptr) keys->keys.keys.push_back(optional_text(key).value_or(""));
}
void xylem_delta_keys_set_file(xylem_delta_keys* keys, const char* path) {
  if (keys != nullptr) keys->keys.keys_file = optional_text(path);
}

int xylem_repository_verify_delta(const xylem_repository* repository, const char* delta,
                                  const xylem_delta_keys* keys, xylem_error** error) {
  return guarded(error, [&] {
    required(repository, "repository")
        ->repository.verify_delta(required(delta, "delta"), required(keys, "keys")->keys);
    return 1;
  });
}

int xylem_repository_apply_delta(xylem_repository* repository, const char* path,
                                 const xylem_delta_keys* keys, const xylem_cancel* cancel,
                                 xylem_delta_applied* result, xylem_error** error) {
  return guarded(error, [&] {
    const auto applied =
        required(repository, "repository")
            ->repository.apply_delta(required(path, "path"),
                                     keys != nullptr ? keys->keys : xylem::DeltaKeys(),
                                     token_of(cancel));
    if (result != nullptr)
      *result = {applied.was_complete ? 1 : 0, applied.objects_made, applied.objects_present};
    return 1;
  });
}

int xylem_repository_delete_delta(xylem_repository* repository, const char* delta,
                                  xylem_error** error) {
  return guarded(error, [&] {
    required(repository, "repository")->repository.delete_delta(required(delta, "delta"));
    return 1;
  });
}

int xylem_repository_reindex_deltas(xylem_repository* repository, xylem_error** error) {
  return guarded(error, [&] {
    required(repository, "repository")->repository.reindex_deltas();
    return 1;
  });
}
