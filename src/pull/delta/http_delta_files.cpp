#include "pull/delta/http_delta_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/codec/sha256.hpp"
#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "delta/format/limits.hpp"
#include "pull/delta/part_file.hpp"
#include "pull/downloads/downloads.hpp"
#include "pull/source/followed_download.hpp"
#include "repo/config/key_file.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"
#include "task/offload.hpp"

namespace xylem::pull {

namespace {

constexpr std::uint64_t max_config = 1024 * 1024;

/// A part that is still being downloaded, from its begin.
class GrowingPart : public ByteSource {
 public:
  explicit GrowingPart(GrowingFile& file) : file_(file) {}
  std::size_t read(MutableByteView buffer) override {
    const std::size_t count = file_.read_at(buffer, offset_);
    offset_ += count;
    return count;
  }

 private:
  GrowingFile& file_;
  std::uint64_t offset_ = 0;
};

std::unique_ptr<delta::Spool> read_file(const PathAt& path, const delta::PartHeader& header,
                                        const delta::PartOptions& options) {
  const UniqueFd fd = os::open(path, O_RDONLY);
  FdSource file(fd);
  return delta::read_part(file, header, options);
}

/// Gives the downloaded file its place; bad bytes must not be continued.
void store_download(const PathAt& file, const delta::PartHeader& header, const PathAt& to) {
  const UniqueFd fd = os::open(file, O_RDONLY);
  if (!is_part_file(fd, header)) {
    os::unlink(file);
    refuse_part(header);
  }
  os::set_mode(fd, 0644);
  os::fdatasync(fd);
  os::rename(file, to);
}

}  // namespace

asio::awaitable<bool> HttpDeltaFiles::has_indexes() {
  const auto bytes = co_await files_.try_fetch(repo::layout::config, max_config);
  if (!bytes) co_return false;
  try {
    const auto config = repo::KeyFile::parse(*bytes, files_.where());
    co_return config.find_bool("core", "indexed-deltas").value_or(false);
  } catch (const Error&) {
    co_return false;  // not a configuration
  }
}

asio::awaitable<std::optional<Bytes>> HttpDeltaFiles::fetch_small(
    std::string path, std::optional<Checksum> checksum) {
  RemoteFiles::ObjectRequest request;
  request.path = std::move(path);
  request.max_size = delta::max_superblock_size;
  request.priority = fetcher::Priority::Metadata;
  request.optional = true;
  request.compressed = true;
  Bytes bytes;
  const auto check = [&](fetcher::Response& response) -> asio::awaitable<void> {
    bytes = take_bytes(files_.fetcher(), std::move(response.body));
    if (checksum && sha256(bytes) != *checksum)
      throw Error(ErrorKind::Corrupt, "It is not the one that the server lists");
    co_return;
  };
  try {
    co_await files_.fetch(std::move(request), check);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    co_return std::nullopt;
  }
  co_return bytes;
}

asio::awaitable<std::optional<Bytes>> HttpDeltaFiles::fetch_index(Checksum commit) {
  co_return co_await fetch_small(delta::delta_index_file(commit), std::nullopt);
}

asio::awaitable<std::optional<Bytes>> HttpDeltaFiles::fetch_superblock(
    delta::DeltaName name, std::optional<Checksum> checksum) {
  co_return co_await fetch_small(name.superblock(), checksum);
}

/// What an earlier pull has of the part is used.
RemoteFiles::ObjectRequest HttpDeltaFiles::part_request(const delta::DeltaName& name,
                                                        std::size_t index,
                                                        const delta::PartHeader& header) {
  RemoteFiles::ObjectRequest request;
  request.path = name.part(index);
  request.max_size = std::max<std::uint64_t>(header.size, 1);  // 0 would be no limit
  request.resume_name = part_download_name(header.checksum);
  if (downloads_.take_over(request.resume_name))
    files_.fetcher().expect_download(request.resume_name);
  return request;
}

asio::awaitable<std::unique_ptr<delta::Spool>> HttpDeltaFiles::fetch_part(
    delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
    const delta::PartOptions& options) {
  RemoteFiles::ObjectRequest request = part_request(name, index, header);
  std::unique_ptr<delta::Spool> payload;
  FollowedDownload followed(followers_, [&](GrowingFile& growing) {
    GrowingPart file(growing);
    payload = delta::read_part(file, header, options);
  });
  request.watcher = &followed;
  const auto unpack = [&](const fetcher::Body& body) {
    if (body.in_memory()) {
      MemorySource bytes(body.bytes);
      payload = delta::read_part(bytes, header, options);
      return;
    }
    const PathAt file{files_.fetcher().download_dir(), body.file_name};
    try {
      if (!followed.finish(file)) payload = read_file(file, header, options);
    } catch (const Error& error) {
      // Bad bytes must not be continued.
      if (error.kind() == ErrorKind::Corrupt) os::unlink(file);
      throw;
    }
  };
  std::optional<Error> refused;
  const auto check = [&](fetcher::Response& response) -> asio::awaitable<void> {
    try {
      co_await offload(
          context_.pool, [&] { unpack(response.body); }, WorkPool::Length::Long);
    } catch (const Error& error) {
      // Another mirror may have it right. The same server again would cost more than the objects.
      if (files_.urls().content.size() > 1) throw;
      refused = error;
    }
  };
  co_await files_.fetch(std::move(request), check);
  if (refused) throw Error(*refused);
  co_return payload;
}

asio::awaitable<void> HttpDeltaFiles::copy_part(delta::DeltaName name, std::size_t index,
                                                const delta::PartHeader& header, PathAt to) {
  const auto store = [&](const fetcher::Body& body) {
    const PathAt file{files_.fetcher().download_dir(), body.file_name};
    if (body.in_memory()) {
      if (sha256(body.bytes) != header.checksum) refuse_part(header);
      return repo::replace_file(to, body.bytes, context_.transaction.repo().config().fsync);
    }
    store_download(file, header, to);
  };
  const auto check = [&](fetcher::Response& response) -> asio::awaitable<void> {
    co_await offload(
        context_.pool, [&] { store(response.body); }, WorkPool::Length::Long);
  };
  RemoteFiles::ObjectRequest request = part_request(name, index, header);
  co_await files_.fetch(std::move(request), check);
}

void HttpDeltaFiles::drop_part(const delta::PartHeader& header) {
  os::unlink({files_.fetcher().download_dir(), part_download_name(header.checksum)});
}

}  // namespace xylem::pull
