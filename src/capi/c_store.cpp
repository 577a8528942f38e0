// The C interface of the content store.

#include "xylem/store.hpp"

#include <sys/stat.h>

#include <cstring>
#include <memory>

#include "capi/c_types.hpp"
#include "xylem/store.h"

using xylem::api::guarded;
using xylem::api::optional_text;
using xylem::api::required;
using xylem::api::token_of;

struct xylem_store {
  xylem::ObjectStore store;
};

struct xylem_object {
  xylem::ObjectInfo info;
};

struct xylem_object_filter {
  xylem::ObjectFilter filter;
};

struct xylem_reader {
  xylem::ObjectReader reader;
};

struct xylem_new_object {
  xylem::NewObject object;
  xylem::IngestCommit commit;
};

struct xylem_ingest {
  xylem::ObjectIngest ingest;
  xylem::IngestCommit commit;
  std::uint64_t size = 0;  ///< At the end, when `ingest` can no longer tell.
  bool over = false;
};

struct xylem_leases {
  std::vector<xylem::Lease> leases;
};

namespace {

char* copy_text(const std::string& text) {
  auto* copy = new char[text.size() + 1];
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

xylem::ObjectIngest& open_ingest(xylem_ingest* ingest) {
  if (required(ingest, "ingest")->over)
    throw xylem::Error(xylem::ErrorKind::InvalidArgument, "The ingest is over");
  return ingest->ingest;
}

const xylem::Lease* lease_at(const xylem_leases* leases, size_t index) {
  return index < xylem_leases_count(leases) ? &leases->leases[index] : nullptr;
}

}  // namespace

xylem_store* xylem_store_open(const char* path, xylem_error** error) {
  return guarded(error,
                 [&] { return new xylem_store{xylem::ObjectStore::open(required(path, "path"))}; });
}
void xylem_store_free(xylem_store* store) {
  delete store;
}

xylem_object* xylem_store_info(const xylem_store* store, const char* object, xylem_error** error) {
  return guarded(error, [&] {
    return new xylem_object{required(store, "store")->store.info(required(object, "object"))};
  });
}
const char* xylem_object_name(const xylem_object* object) {
  return object != nullptr ? object->info.object.c_str() : "";
}
uint64_t xylem_object_bytes(const xylem_object* object) {
  return object != nullptr ? object->info.bytes : 0;
}
uint64_t xylem_object_stored_bytes(const xylem_object* object) {
  return object != nullptr ? object->info.stored_bytes : 0;
}
int64_t xylem_object_changed(const xylem_object* object) {
  return object != nullptr ? object->info.changed : 0;
}
int xylem_object_is_of_parent(const xylem_object* object) {
  return object != nullptr && object->info.of_parent ? 1 : 0;
}
const char* xylem_object_label(const xylem_object* object, const char* name) {
  if (object == nullptr) return nullptr;
  const auto& labels = object->info.labels;
  const auto found = name == nullptr ? labels.end() : labels.find(name);
  return found == labels.end() ? nullptr : found->second.c_str();
}
void xylem_object_free(xylem_object* object) {
  delete object;
}

xylem_object_filter* xylem_object_filter_new() {
  return new xylem_object_filter;
}
void xylem_object_filter_free(xylem_object_filter* filter) {
  delete filter;
}
void xylem_object_filter_add_kind(xylem_object_filter* filter, const char* kind) {
  if (filter != nullptr) filter->filter.kinds.insert(optional_text(kind).value_or(""));
}
void xylem_object_filter_set_prefix(xylem_object_filter* filter, const char* prefix) {
  if (filter != nullptr) filter->filter.prefix = optional_text(prefix).value_or("");
}
void xylem_object_filter_set_changed_before(xylem_object_filter* filter, int64_t time) {
  if (filter != nullptr) filter->filter.changed_before = time;
}
void xylem_object_filter_set_changed_since(xylem_object_filter* filter, int64_t time) {
  if (filter != nullptr) filter->filter.changed_since = time;
}
void xylem_object_filter_set_reachable(xylem_object_filter* filter, int reachable) {
  if (filter == nullptr) return;
  filter->filter.reachable.reset();
  if (reachable >= 0) filter->filter.reachable = reachable != 0;
}
void xylem_object_filter_set_label(xylem_object_filter* filter, const char* name,
                                   const char* value) {
  if (filter == nullptr) return;
  filter->filter.label = optional_text(name).value_or("");
  filter->filter.label_value = optional_text(value);
}

int xylem_store_walk(const xylem_store* store, const xylem_object_filter* filter,
                     xylem_object_function function, void* user_data, const xylem_cancel* cancel,
                     xylem_error** error) {
  return guarded(error, [&] {
    const xylem::ObjectFilter all;
    required(function, "function");
    required(store, "store")
        ->store.walk(
            filter == nullptr ? all : filter->filter,
            [&](const xylem::ObjectInfo& info) {
              const xylem_object object{info};
              return function(&object, user_data) != 0;
            },
            token_of(cancel));
    return 1;
  });
}

xylem_reader* xylem_store_read(const xylem_store* store, const char* object, xylem_error** error) {
  return guarded(error, [&] {
    return new xylem_reader{required(store, "store")->store.read(required(object, "object"))};
  });
}
uint64_t xylem_reader_size(const xylem_reader* reader) {
  return reader != nullptr ? reader->reader.size() : 0;
}
int64_t xylem_reader_read(xylem_reader* reader, void* buffer, size_t size, uint64_t offset,
                          xylem_error** error) {
  // guarded() returns 0 after a failure.
  return guarded(error,
                 [&] {
                   required(buffer, "buffer");
                   return static_cast<int64_t>(
                              required(reader, "reader")
                                  ->reader.read_at({static_cast<std::uint8_t*>(buffer), size},
                                                   offset)) +
                          1;
                 }) -
         1;
}
void xylem_reader_free(xylem_reader* reader) {
  delete reader;
}

int xylem_store_remove(xylem_store* store, const char* object, const xylem_cancel* cancel,
                       xylem_error** error) {
  return guarded(error, [&] {
    const auto removed =
        required(store, "store")->store.remove({required(object, "object")}, token_of(cancel));
    if (!removed.failures.empty()) throw xylem::Error(removed.failures.front());
    return 1;
  });
}

xylem_new_object* xylem_new_object_new(const char* kind) {
  auto created = std::make_unique<xylem_new_object>();
  created->object.kind = optional_text(kind).value_or("");
  return created.release();
}
void xylem_new_object_free(xylem_new_object* object) {
  delete object;
}
void xylem_new_object_set_owner(xylem_new_object* object, uint32_t uid, uint32_t gid) {
  if (object == nullptr) return;
  object->object.uid = uid;
  object->object.gid = gid;
}
void xylem_new_object_set_mode(xylem_new_object* object, uint32_t mode) {
  if (object != nullptr) object->object.mode = mode;
}
void xylem_new_object_set_symlink(xylem_new_object* object, const char* target) {
  if (object == nullptr) return;
  object->object.symlink_target = optional_text(target).value_or("");
  object->object.mode = S_IFLNK | 0777;
}
void xylem_new_object_set_size(xylem_new_object* object, uint64_t bytes) {
  if (object != nullptr) object->object.total = object->commit.size = bytes;
}
void xylem_new_object_set_expected(xylem_new_object* object, const char* checksum) {
  if (object != nullptr) object->commit.expected = optional_text(checksum);
}
void xylem_new_object_set_keep_if_wrong(xylem_new_object* object, int keep) {
  if (object != nullptr) object->commit.keep_if_wrong = keep != 0;
}
void xylem_new_object_set_lease(xylem_new_object* object, const char* lease) {
  if (object != nullptr) object->commit.lease = optional_text(lease).value_or("");
}

xylem_ingest* xylem_store_ingest(xylem_store* store, const char* name,
                                 const xylem_new_object* object, xylem_error** error) {
  return guarded(error, [&] {
    const auto& wanted = *required(object, "object");
    return new xylem_ingest{
        required(store, "store")->store.ingest(required(name, "name"), wanted.object),
        wanted.commit};
  });
}
uint64_t xylem_ingest_size(const xylem_ingest* ingest) {
  if (ingest == nullptr) return 0;
  return ingest->over ? ingest->size : ingest->ingest.size();
}
int xylem_ingest_write(xylem_ingest* ingest, const void* bytes, size_t size, xylem_error** error) {
  return guarded(error, [&] {
    if (size > 0) required(bytes, "bytes");
    open_ingest(ingest).write({static_cast<const std::uint8_t*>(bytes), size});
    return 1;
  });
}
int xylem_ingest_truncate(xylem_ingest* ingest, uint64_t size, xylem_error** error) {
  return guarded(error, [&] {
    open_ingest(ingest).truncate(size);
    return 1;
  });
}
char* xylem_ingest_commit(xylem_ingest* ingest, xylem_error** error) {
  return guarded(error, [&] {
    const std::uint64_t size = open_ingest(ingest).size();
    // Whether bytes that were refused are kept or not: it takes a new one to go on.
    ingest->over = true;
    ingest->size = size;
    return copy_text(ingest->ingest.commit(ingest->commit));
  });
}
int xylem_ingest_abort(xylem_ingest* ingest, xylem_error** error) {
  return guarded(error, [&] {
    open_ingest(ingest).abort();
    ingest->over = true;
    return 1;
  });
}
void xylem_ingest_free(xylem_ingest* ingest) {
  delete ingest;
}

char* xylem_store_lease(xylem_store* store, const char* name, const char* const* objects,
                        const char* note, int64_t ends, xylem_error** error) {
  return guarded(error, [&] {
    xylem::LeaseRequest request;
    request.name = optional_text(name).value_or("");
    for (; objects != nullptr && *objects != nullptr; ++objects)
      request.objects.emplace_back(*objects);
    request.note = optional_text(note);
    if (ends != 0) request.ends = ends;
    return copy_text(required(store, "store")->store.lease(request).name);
  });
}
int xylem_store_release(xylem_store* store, const char* lease, xylem_error** error) {
  return guarded(error, [&] {
    required(store, "store")->store.release(required(lease, "lease"));
    return 1;
  });
}

xylem_leases* xylem_store_leases(const xylem_store* store, xylem_error** error) {
  return guarded(error, [&] { return new xylem_leases{required(store, "store")->store.leases()}; });
}
size_t xylem_leases_count(const xylem_leases* leases) {
  return leases == nullptr ? 0 : leases->leases.size();
}
const char* xylem_leases_name(const xylem_leases* leases, size_t index) {
  const xylem::Lease* lease = lease_at(leases, index);
  return lease == nullptr ? nullptr : lease->name.c_str();
}
const char* xylem_leases_note(const xylem_leases* leases, size_t index) {
  const xylem::Lease* lease = lease_at(leases, index);
  return lease == nullptr ? nullptr : lease->note.c_str();
}
int64_t xylem_leases_created(const xylem_leases* leases, size_t index) {
  const xylem::Lease* lease = lease_at(leases, index);
  return lease == nullptr ? 0 : lease->created;
}
int64_t xylem_leases_ends(const xylem_leases* leases, size_t index) {
  const xylem::Lease* lease = lease_at(leases, index);
  return lease == nullptr ? 0 : lease->ends.value_or(0);
}
size_t xylem_leases_count_objects(const xylem_leases* leases, size_t index) {
  const xylem::Lease* lease = lease_at(leases, index);
  return lease == nullptr ? 0 : lease->objects.size();
}
const char* xylem_leases_object(const xylem_leases* leases, size_t index, size_t object) {
  return object < xylem_leases_count_objects(leases, index)
             ? leases->leases[index].objects[object].c_str()
             : nullptr;
}
void xylem_leases_free(xylem_leases* leases) {
  delete leases;
}

int xylem_store_set_label(xylem_store* store, const char* object, const char* name,
                          const char* value, xylem_error** error) {
  return guarded(error, [&] {
    required(store, "store")
        ->store.label(required(object, "object"), {{required(name, "name"), optional_text(value)}});
    return 1;
  });
}
