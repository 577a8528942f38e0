#include "delta/match/file_reader.hpp"

#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"

namespace xylem::delta {

Content::Content(Bytes bytes)
    : bytes_(std::move(bytes)), source_(std::make_unique<RandomMemory>(bytes_)) {}

Content::Content(std::unique_ptr<Spool> spool) : source_(std::move(spool)) {}

Content FileReader::load(const Checksum& file, bool in_memory) const {
  const repo::LoadedFile loaded = repo_.load_file(file);
  repo::HashingSource hashed(*loaded.content, loaded.header, loaded.size, cancel_);
  const auto finish = [&](Content content) {
    repo::require_checksum({file, object::ObjectType::File}, hashed.read_to_end());
    return content;
  };
  if (in_memory) return finish(Content(read_all(hashed, loaded.size)));
  auto spool = std::make_unique<Spool>(SpoolOptions{.dir = spool_dir_});
  spool->append_all(hashed);
  return finish(Content(std::move(spool)));
}

}  // namespace xylem::delta
