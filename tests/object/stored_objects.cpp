#include "object/stored_objects.hpp"

#include <stdexcept>

#include "base/codec/inflate.hpp"
#include "base/codec/sha256.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "object/commit.hpp"
#include "object/dirtree.hpp"
#include "object/file_header.hpp"
#include "support/temp_dir.hpp"

namespace xylem::object {

namespace {

std::optional<StoredObject> read_object(const std::string& path, std::string_view name) {
  const std::size_t dot = name.find('.');
  const auto checksum = Checksum::from_hex(name.substr(0, dot));
  if (!checksum) return std::nullopt;
  const std::string_view suffix = name.substr(dot + 1);
  const auto type = suffix == "filez" ? ObjectType::File : type_from_extension(suffix);
  return StoredObject{{*checksum, type.value()}, test::read_file(path)};
}

UniqueFd open_directory(const std::string& path) {
  return os::open_dir({FileDescriptor::cwd(), path});
}

Checksum recomputed_file(const StoredObject& object) {
  const FilezHeader header = parse_filez_header(object.bytes);
  FileHash hash(header.file);
  if (!header.file.is_symlink()) {
    Bytes content(header.size);
    inflate_exact(ByteView(object.bytes).subspan(header.header_length), content);
    hash.update(content);
  }
  return hash.finish();
}

}  // namespace

std::vector<StoredObject> read_objects(const std::string& directory) {
  std::vector<StoredObject> objects;
  for (const DirEntry& fan : list_directory(open_directory(directory)))
    for (const DirEntry& entry : list_directory(open_directory(directory + "/" + fan.name)))
      if (auto object =
              read_object(directory + "/" + fan.name + "/" + entry.name, fan.name + entry.name))
        objects.push_back(std::move(*object));
  return objects;
}

std::vector<StoredObject> read_flat_objects(const std::string& directory) {
  std::vector<StoredObject> objects;
  for (const DirEntry& entry : list_directory(open_directory(directory)))
    if (auto object = read_object(directory + "/" + entry.name, entry.name))
      objects.push_back(std::move(*object));
  return objects;
}

const std::vector<StoredObject>& golden_objects() {
  static const auto objects = read_flat_objects(TEST_DATA_DIR "/ostree-2022.7");
  return objects;
}

const Bytes& golden(std::string_view prefix, ObjectType type) {
  for (const StoredObject& object : golden_objects())
    if (object.name.type == type && object.name.checksum.hex().starts_with(prefix))
      return object.bytes;
  throw std::runtime_error("no golden object " + std::string(prefix));
}

Bytes golden_summary() {
  return test::read_file(TEST_DATA_DIR "/ostree-2022.7/summary");
}

Bytes rewritten(const StoredObject& object) {
  switch (object.name.type) {
    case ObjectType::File: {
      const FilezHeader header = parse_filez_header(object.bytes);
      return serialize_filez_header(header.file, header.size);
    }
    case ObjectType::DirTree:
      return serialize_dirtree(parse_dirtree(object.bytes));
    case ObjectType::DirMeta:
      return serialize_dirmeta(parse_dirmeta(object.bytes));
    case ObjectType::Commit:
      return serialize_commit(parse_commit(object.bytes));
    case ObjectType::TombstoneCommit:
      return serialize_tombstone(parse_tombstone(object.bytes));
    default:
      return serialize_dict_object(parse_dict_object(object.bytes, "detached metadata"));
  }
}

Checksum recomputed(const StoredObject& object) {
  switch (object.name.type) {
    case ObjectType::File:
      return recomputed_file(object);
    case ObjectType::TombstoneCommit:
      return parse_tombstone(object.bytes);
    case ObjectType::CommitMeta:
      return object.name.checksum;
    default:
      return sha256(object.bytes);
  }
}

ByteView header_of(const StoredObject& object) {
  const ByteView bytes = object.bytes;
  return object.name.type == ObjectType::File ? bytes.first(filez_header_length(bytes)) : bytes;
}

}  // namespace xylem::object
