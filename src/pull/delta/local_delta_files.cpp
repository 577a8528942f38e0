#include "pull/delta/local_delta_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/codec/sha256.hpp"
#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "delta/format/limits.hpp"
#include "pull/delta/part_file.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

/// Invalid if it is not there. The repository may be a stranger's: no symlink is followed out of
/// its deltas.
UniqueFd try_open_file(const repo::Repo& repo, std::string_view path) try {
  const std::size_t slash = path.find('/');
  const UniqueFd deltas = os::open_dir({repo.dir(), std::string(path.substr(0, slash))});
  const PathAt file{deltas, std::string(path.substr(slash + 1))};
  UniqueFd fd = os::open_beneath(file, O_RDONLY | O_NONBLOCK);
  os::require_regular(fd, file);
  return fd;
} catch (const Error& error) {
  if (error.details().system_errno != ENOENT) throw;
  return {};
}

std::optional<Bytes> try_read_file(const repo::Repo& repo, std::string_view path) {
  const UniqueFd fd = try_open_file(repo, path);
  if (!fd.valid()) return std::nullopt;
  return os::read_file(fd, delta::max_superblock_size);
}

}  // namespace

asio::awaitable<std::optional<Bytes>> LocalDeltaFiles::fetch_index(Checksum commit) {
  co_return co_await offload(
      context_.pool, [&] { return try_read_file(source_, delta::delta_index_file(commit)); });
}

asio::awaitable<std::optional<Bytes>> LocalDeltaFiles::fetch_superblock(
    delta::DeltaName name, std::optional<Checksum> checksum) {
  auto bytes =
      co_await offload(context_.pool, [&] { return try_read_file(source_, name.superblock()); });
  if (bytes && checksum && sha256(*bytes) != *checksum)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} was changed meanwhile", os::path_of({source_.dir(), name.dir()})));
  co_return bytes;
}

UniqueFd LocalDeltaFiles::open_part(const delta::DeltaName& name, std::size_t index) const {
  UniqueFd fd = try_open_file(source_, name.part(index));
  if (!fd.valid())
    throw Error(ErrorKind::NotFound,
                fmt::format("{} is not there", os::path_of({source_.dir(), name.part(index)})));
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
        const UniqueFd copy = os::open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644);
        os::copy_file(from, copy, header.size);
        os::fdatasync(copy);
        os::rename(unfinished, to);
      },
      WorkPool::Length::Long);
}

}  // namespace xylem::pull
