#include "delta/memory_store.hpp"

#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"

namespace xylem::test {

Checksum checksum_of(const object::FileHeader& header, ByteView content) {
  return repo::hash_content(header, content);
}

Checksum MemoryStore::add(const object::FileHeader& header, ByteView content) {
  const Checksum name = checksum_of(header, content);
  files_[name] = {header, Bytes(content.begin(), content.end())};
  return name;
}

bool MemoryStore::has(const object::ObjectName& name) {
  return name.type == object::ObjectType::File ? files_.contains(name.checksum)
                                               : metadata_.contains(name);
}

std::unique_ptr<RandomSource> MemoryStore::open(const Checksum& file) {
  const auto found = files_.find(file);
  if (found == files_.end() || found->second.header.is_symlink()) return nullptr;
  return std::make_unique<RandomMemory>(found->second.content);
}

bool MemoryStore::is_sound(const Checksum& file) {
  return checksum_of(files_.at(file).header, files_.at(file).content) == file;
}

void MemoryStore::write_metadata(const object::ObjectName& name, ByteView bytes) {
  object::verify_metadata(name, bytes);
  metadata_[name] = Bytes(bytes.begin(), bytes.end());
}

void MemoryStore::write_content(const Checksum& file, const object::FileHeader& header,
                                std::uint64_t size, ByteSource& content) {
  repo::HashingSource hashed(content, header, size);
  Bytes bytes = read_all(hashed, size);
  repo::require_checksum({file, object::ObjectType::File}, hashed.read_to_end());
  files_[file] = {header, std::move(bytes)};
}

}  // namespace xylem::test
