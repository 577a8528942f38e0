#include "pull/delta/local_delta_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/sha256.hpp"
#include "delta/format/limits.hpp"
#include "pull/delta/part_file.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

asio::awaitable<std::optional<Bytes>> LocalDeltaFiles::fetch_index(Checksum commit) {
  co_return co_await offload(context_.pool, [&] {
    return os::try_read_file({source_.dir(), delta::delta_index_file(commit)},
                             delta::max_superblock_size);
  });
}

asio::awaitable<std::optional<Bytes>> LocalDeltaFiles::fetch_superblock(
    delta::DeltaName name, std::optional<Checksum> checksum) {
  auto bytes = co_await offload(context_.pool, [&] {
    return os::try_read_file({source_.dir(), name.superblock()}, delta::max_superblock_size);
  });
  if (bytes && checksum && sha256(*bytes) != *checksum)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} was changed meanwhile", os::path_of({source_.dir(), name.dir()})));
  co_return bytes;
}

UniqueFd LocalDeltaFiles::open_part(const delta::DeltaName& name, std::size_t index) const {
  const PathAt path{source_.dir(), name.part(index)};
  UniqueFd fd = os::try_open(path, O_RDONLY | O_NONBLOCK);
  if (!fd.valid())
    throw Error(ErrorKind::NotFound, fmt::format("{} is not there", os::path_of(path)));
  os::require_regular(fd, path);
  return fd;
}

asio::awaitable<std::unique_ptr<delta::Spool>> LocalDeltaFiles::fetch_part(
    delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
    const delta::PartOptions& options) {
  co_return co_await offload(
      context_.pool,
      [&] {
        const UniqueFd fd = open_part(name, index);
        FdSource file(fd);
        return delta::read_part(file, header, options);
      },
      WorkPool::Length::Long);
}

asio::awaitable<void> LocalDeltaFiles::copy_part(delta::DeltaName name, std::size_t index,
                                                 const delta::PartHeader& header, PathAt to) {
  co_await offload(
      context_.pool,
      [&] {
        const UniqueFd from = open_part(name, index);
        if (!is_part_file(from, header)) refuse_part(header);
        const PathAt unfinished{to.dir, to.name + ".tmp"};
        const UniqueFd copy = os::open(unfinished, O_RDWR | O_CREAT | O_TRUNC, 0644);
        os::copy_file(from, copy, header.size);
        os::fdatasync(copy);
        os::rename(unfinished, to);
      },
      WorkPool::Length::Long);
}

}  // namespace xylem::pull
