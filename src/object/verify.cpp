#include "object/verify.hpp"

#include <fmt/format.h>

#include "base/codec/sha256.hpp"
#include "object/commit.hpp"
#include "object/dirtree.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

/// Tombstones and detached metadata are named after the commit that they belong to.
bool is_named_by_content(ObjectType type) {
  return type == ObjectType::Commit || type == ObjectType::DirTree || type == ObjectType::DirMeta;
}

void verify_checksum(const ObjectName& name, ByteView bytes) {
  const Checksum actual = sha256(bytes);
  if (actual != name.checksum) throw Error(ErrorKind::Corrupt, checksum_mismatch(name, actual));
}

void verify_tombstone(const ObjectName& name, ByteView bytes) {
  const Checksum commit = parse_tombstone(bytes);
  if (commit != name.checksum)
    throw Error(ErrorKind::Corrupt, fmt::format("It is for the commit {}", commit.hex()));
}

}  // namespace

std::string checksum_mismatch(const ObjectName& name, const Checksum& actual) {
  return fmt::format("Corrupted {} object; checksum expected='{}' actual='{}'",
                     extension(name.type), name.checksum.hex(), actual.hex());
}

void verify_metadata_structure(ObjectType type, ByteView bytes) {
  switch (type) {
    case ObjectType::Commit:
      parse_commit(bytes);
      return;
    case ObjectType::DirTree:
      parse_dirtree(bytes);
      return;
    case ObjectType::DirMeta:
      parse_dirmeta(bytes);
      return;
    case ObjectType::TombstoneCommit:
      parse_tombstone(bytes);
      return;
    case ObjectType::CommitMeta:
      parse_dict_object(bytes, "detached metadata");
      return;
    default:
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("An object of type '{}' is not metadata", extension(type)));
  }
}

void verify_metadata(const ObjectName& name, ByteView bytes) try {
  if (is_named_by_content(name.type)) verify_checksum(name, bytes);
  verify_metadata_structure(name.type, bytes);
  if (name.type == ObjectType::TombstoneCommit) verify_tombstone(name, bytes);
} catch (Error& error) {
  error.details().object = name.text();
  error.prefix(name.text());
  throw;
}

}  // namespace xylem::object
