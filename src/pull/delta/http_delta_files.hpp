#pragma once

#include <atomic>

#include "pull/delta/delta_files.hpp"
#include "pull/downloads/download_dir.hpp"
#include "pull/remote/remote_files.hpp"
#include "pull/source/pull_context.hpp"

namespace xylem::pull {

/// Those of a server, or of several mirrors. Parts are downloads like large objects: continued
/// after an interruption, and decompressed while they come.
class HttpDeltaFiles : public DeltaFiles {
 public:
  /// Borrows both.
  HttpDeltaFiles(RemoteFiles& files, DownloadDir& downloads, const PullContext& context)
      : files_(files), downloads_(downloads), context_(context) {}

  asio::awaitable<bool> has_indexes() override;
  asio::awaitable<std::optional<Bytes>> fetch_index(Checksum commit) override;
  asio::awaitable<std::optional<Bytes>> fetch_superblock(delta::DeltaName name,
                                                         std::optional<Checksum> checksum) override;
  asio::awaitable<std::unique_ptr<delta::Spool>> fetch_part(
      delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
      const delta::PartOptions& options) override;
  asio::awaitable<void> copy_part(delta::DeltaName name, std::size_t index,
                                  const delta::PartHeader& header, PathAt to) override;
  void drop_part(const delta::PartHeader& header) override;

 private:
  RemoteFiles::ObjectRequest part_request(const delta::DeltaName& name, std::size_t index,
                                          const delta::PartHeader& header);
  asio::awaitable<std::optional<Bytes>> fetch_small(std::string path,
                                                    std::optional<Checksum> checksum);

  RemoteFiles& files_;
  DownloadDir& downloads_;
  PullContext context_;
  std::atomic<unsigned> followers_ = 0;
};

}  // namespace xylem::pull
