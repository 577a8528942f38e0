#pragma once

#include <map>
#include <set>

#include "delta/apply/part_store.hpp"

namespace xylem::test {

/// Objects in memory.
class MemoryStore : public delta::PartStore {
 public:
  struct File {
    object::FileHeader header;
    Bytes content;
  };

  /// Puts a regular file there and returns its name.
  Checksum add(const object::FileHeader& header, ByteView content);
  /// What is made of the file from now on is not what its name says.
  void damage(const Checksum& file) { files_.at(file).content.at(0) ^= 1; }
  const File& file(const Checksum& name) const { return files_.at(name); }
  std::size_t size() const { return files_.size() + metadata_.size(); }

  bool has(const object::ObjectName& name) override;
  std::unique_ptr<RandomSource> open(const Checksum& file) override;
  bool is_sound(const Checksum& file) override;
  void write_metadata(const object::ObjectName& name, ByteView bytes) override;
  void write_content(const Checksum& file, const object::FileHeader& header, std::uint64_t size,
                     ByteSource& content) override;

 private:
  std::map<Checksum, File> files_;
  std::map<object::ObjectName, Bytes> metadata_;
};

Checksum checksum_of(const object::FileHeader& header, ByteView content);

}  // namespace xylem::test
