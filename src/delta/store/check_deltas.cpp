#include "delta/store/check_deltas.hpp"

#include <fmt/format.h>

#include "base/codec/sha256.hpp"
#include "delta/apply/delta_file.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/static_deltas.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

[[noreturn]] void refuse_part(std::size_t index, const std::string& why) {
  throw Error(ErrorKind::Corrupt, fmt::format("Part {} {}", index, why));
}

void check_part(const DeltaFile& delta, std::size_t index, const CancelToken& cancel) {
  const PartHeader& header = delta.superblock().parts[index];
  const auto file = delta.open_part(index);
  Bytes buffer(stream_buffer_size);
  Sha256 hash;
  std::uint64_t size = 0;
  while (const std::size_t count = file->read(buffer)) {
    cancel.check();
    hash.update(ByteView(buffer).first(count));
    size += count;
  }
  if (size != header.size)
    refuse_part(index, fmt::format("has {} bytes, not {}", size, header.size));
  if (hash.finish() != header.checksum) refuse_part(index, "is damaged: its checksum is wrong");
}

void check_delta(const repo::Repo& repo, const DeltaName& name, const CancelToken& cancel) {
  const DeltaFile delta({repo.dir(), name.dir()});
  require_name(delta.superblock(), name);
  for (std::size_t i = 0; i < delta.superblock().parts.size(); ++i) check_part(delta, i, cancel);
}

}  // namespace

std::vector<DeltaProblem> check_deltas(const repo::Repo& repo, const CancelToken& cancel) {
  const repo::ReadLock lock(repo, cancel);
  std::vector<DeltaProblem> problems;
  for (const DeltaName& name : repo::list_delta_names(repo)) {
    try {
      check_delta(repo, name, cancel);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled) throw;
      problems.push_back({name, fmt::format("Delta {}: {}", name.text(), error.what())});
    }
  }
  return problems;
}

}  // namespace xylem::delta
