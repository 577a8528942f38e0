#include "pull/delta/part_file.hpp"

#include <fmt/format.h>

#include "base/codec/sha256.hpp"
#include "base/os/fd_source.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

bool is_part_file(FileDescriptor file, const delta::PartHeader& header) {
  FdSource source(file);
  Sha256 hash;
  Bytes buffer(stream_buffer_size);
  while (const std::size_t count = source.read(buffer)) hash.update(ByteView(buffer).first(count));
  return hash.finish() == header.checksum;
}

void refuse_part(const delta::PartHeader& header) {
  throw Error(ErrorKind::Corrupt,
              fmt::format("The checksum of the part is not {}", header.checksum.hex()));
}

}  // namespace xylem::pull
