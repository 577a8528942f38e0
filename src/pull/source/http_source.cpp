#include "pull/source/http_source.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "object/verify.hpp"
#include "pull/downloads/downloads.hpp"
#include "repo/config/key_file.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/object_error.hpp"
#include "task/offload.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;

namespace {

bool is_corrupt(const Error& error) {
  return error.kind() == ErrorKind::Corrupt;
}

}  // namespace

asio::awaitable<Bytes> HttpSource::fetch_bytes(ObjectName name, std::uint64_t max_size) {
  RemoteFiles::ObjectRequest request;
  request.path = repo::layout::remote_object(name);
  request.max_size = max_size;
  request.metadata_url = name.type == ObjectType::CommitMeta;
  request.may_change = request.metadata_url;
  request.resume_name = download_name(name);
  request.priority = fetcher::Priority::Metadata;
  Bytes bytes;
  const auto check = [&](fetcher::Response& response) -> asio::awaitable<void> {
    bytes = take_bytes(files_.fetcher(), std::move(response.body));
    object::verify_metadata(name, bytes);
    co_return;
  };
  try {
    co_await files_.fetch(std::move(request), check);
  } catch (Error& error) {
    // Detached metadata is named by who has read it: what never came as a whole is not damaged.
    if (is_corrupt(error) && name.type != ObjectType::CommitMeta) repo::name_object(error, name);
    if (is_denial(error)) error.details().object = name.text();
    throw;
  }
  const bool whole = name.type == ObjectType::Commit || name.type == ObjectType::CommitMeta;
  if (whole) ++context_.counters.metadata_fetched;
  co_return bytes;
}

/// That a commit has no detached metadata is an answer, and counts as one, as in libostree.
asio::awaitable<std::optional<Bytes>> HttpSource::fetch_metadata(ObjectName name,
                                                                 std::uint64_t max_size) {
  const bool detached = name.type == ObjectType::CommitMeta;
  context_.counters.metadata_requested += detached ? 1 : 0;
  try {
    co_return co_await fetch_bytes(name, max_size);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
  }
  if (detached) ++context_.counters.metadata_fetched;
  co_return std::nullopt;
}

asio::awaitable<Bytes> HttpSource::take_metadata(ObjectName name) {
  const auto limit = context_.sizes.metadata_limit(name, settings_.max_metadata_size);
  auto bytes = co_await fetch_metadata(name, limit);
  if (!bytes)
    throw Error(ErrorKind::NotFound, fmt::format("Object {} is missing at {} (HTTP 404 or 410)",
                                                 name.text(), files_.where()))
        .hint("the server's repository is incomplete, or was updated meanwhile: try again");
  co_await offload(context_.pool,
                   [&] { context_.transaction.ingest().write_metadata(name, *bytes); });
  ++context_.counters.metadata_fetched;
  co_return std::move(*bytes);
}

asio::awaitable<void> HttpSource::take_content(Checksum checksum) {
  std::optional<Error> missing;
  try {
    co_await fetch_content(checksum);
    context_.count_fetched(checksum);
    co_return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound && !is_denial(error)) throw;
    missing = error;
  }
  co_await explain_missing(checksum, *missing);
}

asio::awaitable<void> HttpSource::fetch_content(Checksum checksum) {
  const ObjectName name{checksum, ObjectType::File};
  RemoteFiles::ObjectRequest request;
  request.path = repo::layout::remote_object(name);
  request.max_size = context_.sizes.wire_limit(checksum);
  request.resume_name = download_name(name);
  const std::uint64_t limit = context_.sizes.content_limit(checksum);
  FollowedDownload followed(
      followers_,
      [&](GrowingFile& filez) { context_.transaction.ingest().add_filez(checksum, filez, limit); },
      [&](std::uint64_t bytes) { return reserve(checksum, bytes); });
  request.watcher = &followed;
  const auto check = [&](fetcher::Response& response) -> asio::awaitable<void> {
    context_.counters.content_bytes_fetched += response.body.size;
    if (response.body.in_memory())
      co_return co_await offload(context_.pool,
                                 [&] { store_content(checksum, response.body.bytes, limit); });
    const PathAt file{files_.fetcher().download_dir(), response.body.file_name};
    co_await offload(
        context_.pool, [&] { store_download(checksum, file, limit, followed); },
        WorkPool::Length::Long);
  };
  try {
    co_await files_.fetch(std::move(request), check);
  } catch (Error& error) {
    if (is_corrupt(error)) repo::name_object(error, name);
    throw;
  }
}

/// An archive keeps the download itself; elsewhere what is in it needs space, too: as much as it
/// has, if nobody says how much.
std::unique_ptr<repo::SpaceClaim> HttpSource::reserve(const Checksum& checksum,
                                                      std::uint64_t bytes) const {
  repo::Transaction& transaction = context_.transaction;
  const bool kept = transaction.repo().mode() == repo::Mode::Archive;
  const std::uint64_t told = context_.sizes.content_limit(checksum);
  const std::uint64_t inflated = kept ? 0 : told == UINT64_MAX ? bytes : told;
  return transaction.ingest().reserve(bytes, inflated);
}

void HttpSource::store_content(const Checksum& checksum, ByteView filez, std::uint64_t limit) {
  if (settings_.trust_content)
    context_.transaction.ingest().add_unchecked_filez(checksum, filez);
  else
    context_.transaction.ingest().add_filez(checksum, filez, limit);
}

void HttpSource::store_download(const Checksum& checksum, const PathAt& file, std::uint64_t limit,
                                FollowedDownload& followed) {
  try {
    if (!followed.finish(file)) context_.transaction.ingest().add_filez(checksum, file, limit);
  } catch (const Error& error) {
    // Good bytes stay for the next pull; bad ones must not be continued.
    if (is_corrupt(error)) os::unlink(file);
    throw;
  }
  if (!os::unlink(file)) followed.keep_space();  // it has become the object
}

/// A repository that is not in archive mode has no `.filez`: say that rather than "not found".
asio::awaitable<void> HttpSource::explain_missing(Checksum checksum, Error error) {
  const auto bytes = co_await files_.try_fetch(repo::layout::config, 1024 * 1024);
  std::optional<std::string> mode;
  if (bytes) {
    try {
      mode = repo::KeyFile::parse(*bytes, files_.where()).find_string("core", "mode");
    } catch (const Error&) {
      mode.reset();  // not a configuration at all: then it explains nothing
    }
  }
  if (mode && repo::parse_mode(*mode) != repo::Mode::Archive)
    throw Error(ErrorKind::Unsupported,
                fmt::format("Can't pull from archives with mode \"{}\": {}", *mode, files_.where()))
        .hint("only a repository in archive mode can be pulled over HTTP");
  repo::name_object(error, {checksum, ObjectType::File});
  if (is_denial(error)) throw Error(error);
  throw error.hint("the server's repository is incomplete, or was updated meanwhile: try again");
}

}  // namespace xylem::pull
