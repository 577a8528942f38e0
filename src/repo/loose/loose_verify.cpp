#include <fmt/format.h>

#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/loose_store.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

[[noreturn]] void throw_missing(const ObjectName& name) {
  ErrorDetails details;
  details.object = name.text();
  throw Error(ErrorKind::NotFound, missing_text(name), std::move(details));
}

void verify_content(const LooseStore& store, const ObjectName& name) {
  auto file = store.load_file(name.checksum);
  if (!file) throw_missing(name);
  with_object_name(name, [&] {
    object::validate_file_mode(file->header.mode);
    require_checksum(name, hash_file(*file));
  });
}

/// Objects that have no checksum of their own bytes: being there is all that can be asked.
void verify_presence(const LooseStore& store, const ObjectName& name) {
  if (!store.has(name)) throw_missing(name);
}

void verify_bytes(const LooseStore& store, const ObjectName& name) {
  const auto bytes = store.load_metadata(name);
  if (!bytes) throw_missing(name);
  with_object_name(name, [&] {
    if (name.type == ObjectType::FileXattrs)
      require_checksum(name, sha256(*bytes));
    else
      object::verify_metadata(name, *bytes);
  });
}

}  // namespace

Checksum hash_file(LoadedFile& file) {
  MemorySource nothing({});
  ByteSource& content = file.content ? *file.content : nothing;
  HashingSource hashed(content, file.header, file.size);
  return hashed.read_to_end();
}

void verify_object(const LooseStore& store, const ObjectName& name) {
  switch (name.type) {
    case ObjectType::File:
      return verify_content(store, name);
    case ObjectType::PayloadLink:
    case ObjectType::FileXattrsLink:
      return verify_presence(store, name);
    default:
      return verify_bytes(store, name);
  }
}

}  // namespace xylem::repo
