// The C interface to static deltas.

#include <vector>

#include "capi/c_types.hpp"
#include "xylem/deltas.h"

using xylem::api::guarded;
using xylem::api::required;
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

namespace {

/// An empty text names nothing, which the job that needs it says.
std::string text_or_empty(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

/// Does nothing without `options`.
template <typename Member, typename Value>
void set_delta(xylem_delta_options* options, Member xylem::DeltaOptions::*member, Value value) {
  if (options != nullptr) options->options.*member = Member(std::move(value));
}

}  // namespace

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
  created->options.to = text_or_empty(to);
  return created;
}
void xylem_delta_options_free(xylem_delta_options* options) {
  delete options;
}
void xylem_delta_options_set_from(xylem_delta_options* options, const char* from) {
  set_delta(options, &xylem::DeltaOptions::from, xylem::api::optional_text(from));
}
void xylem_delta_options_set_from_scratch(xylem_delta_options* options, int from_scratch) {
  set_delta(options, &xylem::DeltaOptions::from_scratch, from_scratch != 0);
}
void xylem_delta_options_set_inline(xylem_delta_options* options, int inline_parts) {
  set_delta(options, &xylem::DeltaOptions::inline_parts, inline_parts != 0);
}
void xylem_delta_options_set_if_not_exists(xylem_delta_options* options, int if_not_exists) {
  set_delta(options, &xylem::DeltaOptions::if_not_exists, if_not_exists != 0);
}
void xylem_delta_options_set_disable_bsdiff(xylem_delta_options* options, int disable) {
  set_delta(options, &xylem::DeltaOptions::disable_bsdiff, disable != 0);
}
void xylem_delta_options_set_big_endian(xylem_delta_options* options, int big_endian) {
  set_delta(options, &xylem::DeltaOptions::big_endian, big_endian != 0);
}
void xylem_delta_options_set_min_fallback_size(xylem_delta_options* options, uint64_t bytes) {
  set_delta(options, &xylem::DeltaOptions::min_fallback_size, bytes);
}
void xylem_delta_options_set_max_bsdiff_size(xylem_delta_options* options, uint64_t bytes) {
  set_delta(options, &xylem::DeltaOptions::max_bsdiff_size, bytes);
}
void xylem_delta_options_set_max_chunk_size(xylem_delta_options* options, uint64_t bytes) {
  set_delta(options, &xylem::DeltaOptions::max_chunk_size, bytes);
}
void xylem_delta_options_set_for_memory(xylem_delta_options* options, uint64_t bytes) {
  set_delta(options, &xylem::DeltaOptions::for_memory, bytes);
}
void xylem_delta_options_set_filename(xylem_delta_options* options, const char* filename) {
  set_delta(options, &xylem::DeltaOptions::filename, text_or_empty(filename));
}
void xylem_delta_options_add_secret_key(xylem_delta_options* options, const char* key) {
  if (options != nullptr) options->options.secret_keys.push_back(text_or_empty(key));
}
void xylem_delta_options_set_sign_type(xylem_delta_options* options, const char* type) {
  set_delta(options, &xylem::DeltaOptions::sign_type, text_or_empty(type));
}
void xylem_delta_options_set_jobs(xylem_delta_options* options, unsigned jobs) {
  set_delta(options, &xylem::DeltaOptions::jobs, jobs);
}
void xylem_delta_options_set_max_memory(xylem_delta_options* options, uint64_t bytes) {
  set_delta(options, &xylem::DeltaOptions::max_memory, bytes);
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
  if (keys != nullptr) keys->keys.keys.push_back(text_or_empty(key));
}
void xylem_delta_keys_set_file(xylem_delta_keys* keys, const char* path) {
  if (keys != nullptr) keys->keys.keys_file = xylem::api::optional_text(path);
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
