#pragma once

#include "pull/remote/remote_files.hpp"
#include "pull/source/followed_download.hpp"
#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

/// A server, or several mirrors. Objects are fetched, checked and stored.
class HttpSource : public ObjectSource {
 public:
  struct Settings {
    std::uint64_t max_metadata_size = object::default_max_metadata_size;
    bool trust_content = false;  ///< --http-trusted, into an archive repository.
  };

  /// `files` is borrowed.
  HttpSource(RemoteFiles& files, Settings settings, const PullContext& context)
      : files_(files), settings_(settings), context_(context) {}

  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override;
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;

 private:
  asio::awaitable<Bytes> fetch_bytes(object::ObjectName name, std::uint64_t max_size);
  asio::awaitable<void> fetch_content(Checksum checksum);
  std::unique_ptr<repo::SpaceClaim> reserve(const Checksum& checksum, std::uint64_t bytes) const;
  void store_content(const Checksum& checksum, ByteView filez, std::uint64_t limit);
  void store_download(const Checksum& checksum, const PathAt& file, std::uint64_t limit,
                      FollowedDownload& followed);
  asio::awaitable<void> explain_missing(Checksum checksum, Error error);

  RemoteFiles& files_;
  Settings settings_;
  PullContext context_;
  std::atomic<unsigned> followers_ = 0;
};

}  // namespace xylem::pull
