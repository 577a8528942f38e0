#include <vector>

#include "capi/c_types.hpp"
#include "xylem/deltas.h"

using xylem::api::guarded;
using xylem::api::token_of;

struct xylem_delta_list {
  std::vector<std::string> names;
};

struct xylem_delta_options {
  xylem::DeltaOptions options;
};

struct xylem_delta_keys {
  xylem::DeltaKeys keys;
};

xylem_delta_list* xylem_repository_deltas(const xylem_repository* repository, xylem_error** error) {
  return guarded(error, [&] { return new xylem_delta_list{repository->repository.deltas()}; });
}
size_t xylem_delta_list_count(const xylem_delta_list* list) {
  return list->names.size();
}
const char* xylem_delta_list_get(const xylem_delta_list* list, size_t index) {
  return index < list->names.size() ? list->names[index].c_str() : nullptr;
}
void xylem_delta_list_free(xylem_delta_list* list) {
  delete list;
}

xylem_delta_options* xylem_delta_options_new(const char* to) {
  return new xylem_delta_options{{.to = to}};
}
void xylem_delta_options_free(xylem_delta_options* options) {
  delete options;
}
void xylem_delta_options_set_from(xylem_delta_options* options, const char* from) {
  options->options.from = from;
}
void xylem_delta_options_set_from_scratch(xylem_delta_options* options, int from_scratch) {
  options->options.from_scratch = from_scratch != 0;
}
void xylem_delta_options_set_inline(xylem_delta_options* options, int inline_parts) {
  options->options.inline_parts = inline_parts != 0;
}
void xylem_delta_options_set_if_not_exists(xylem_delta_options* options, int if_not_exists) {
  options->options.if_not_exists = if_not_exists != 0;
}
void xylem_delta_options_set_disable_bsdiff(xylem_delta_options* options, int disable) {
  options->options.disable_bsdiff = disable != 0;
}
void xylem_delta_options_set_min_fallback_size(xylem_delta_options* options, uint64_t bytes) {
  options->options.min_fallback_size = bytes;
}
void xylem_delta_options_set_max_bsdiff_size(xylem_delta_options* options, uint64_t bytes) {
  options->options.max_bsdiff_size = bytes;
}
void xylem_delta_options_set_max_chunk_size(xylem_delta_options* options, uint64_t bytes) {
  options->options.max_chunk_size = bytes;
}
void xylem_delta_options_set_for_memory(xylem_delta_options* options, uint64_t bytes) {
  options->options.for_memory = bytes;
}
void xylem_delta_options_set_filename(xylem_delta_options* options, const char* filename) {
  options->options.filename = filename;
}
void xylem_delta_options_add_secret_key(xylem_delta_options* options, const char* key) {
  options->options.secret_keys.emplace_back(key);
}
void xylem_delta_options_set_sign_type(xylem_delta_options* options, const char* type) {
  options->options.sign_type = type;
}
void xylem_delta_options_set_jobs(xylem_delta_options* options, unsigned jobs) {
  options->options.jobs = jobs;
}
void xylem_delta_options_set_max_memory(xylem_delta_options* options, uint64_t bytes) {
  options->options.max_memory = bytes;
}

int xylem_repository_generate_delta(xylem_repository* repository,
                                    const xylem_delta_options* options, const xylem_cancel* cancel,
                                    xylem_delta_result* result, xylem_error** error) {
  return guarded(error, [&] {
    const auto made = repository->repository.generate_delta(options->options, token_of(cancel));
    if (result != nullptr)
      *result = {made.existed ? 1 : 0,  made.size,          made.loose_size,
                 made.copied_files,     made.patched_files, made.fallbacks.size(),
                 made.part_sizes.size()};
    return 1;
  });
}

xylem_delta_keys* xylem_delta_keys_new(const char* sign_type) {
  return new xylem_delta_keys{{.sign_type = sign_type}};
}
void xylem_delta_keys_free(xylem_delta_keys* keys) {
  delete keys;
}
void xylem_delta_keys_add(xylem_delta_keys* keys, const char* key) {
  keys->keys.keys.emplace_back(key);
}
void xylem_delta_keys_set_file(xylem_delta_keys* keys, const char* path) {
  keys->keys.keys_file = path;
}

int xylem_repository_verify_delta(const xylem_repository* repository, const char* delta,
                                  const xylem_delta_keys* keys, xylem_error** error) {
  return guarded(error, [&] {
    repository->repository.verify_delta(delta, keys->keys);
    return 1;
  });
}

int xylem_repository_apply_delta(xylem_repository* repository, const char* path,
                                 const xylem_delta_keys* keys, const xylem_cancel* cancel,
                                 xylem_delta_applied* result, xylem_error** error) {
  return guarded(error, [&] {
    const auto applied = repository->repository.apply_delta(
        path, keys != nullptr ? keys->keys : xylem::DeltaKeys(), token_of(cancel));
    if (result != nullptr)
      *result = {applied.was_complete ? 1 : 0, applied.objects_made, applied.objects_present};
    return 1;
  });
}

int xylem_repository_delete_delta(xylem_repository* repository, const char* delta,
                                  xylem_error** error) {
  return guarded(error, [&] {
    repository->repository.delete_delta(delta);
    return 1;
  });
}

int xylem_repository_reindex_deltas(xylem_repository* repository, xylem_error** error) {
  return guarded(error, [&] {
    repository->repository.reindex_deltas();
    return 1;
  });
}
