#include "pull/remote_summary.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/os.hpp"
#include "pull/download_dir.hpp"
#include "pull/remote_setup.hpp"
#include "pull/summary_fetch.hpp"
#include "repo/layout.hpp"

namespace xylem::pull {

namespace {

std::optional<Bytes> read_local(const std::string& path, std::uint64_t max_size) {
  const repo::Repo source = repo::Repo::open(path);
  return os::try_read_file({source.dir(), repo::layout::summary}, max_size);
}

asio::awaitable<std::optional<Bytes>> fetch_with(RemoteFiles& files, SummaryCache cache) {
  co_await files.resolve();
  SummaryRules rules;
  rules.wants_signature = false;
  SummaryFetch summary(files, std::move(cache), std::move(rules));
  auto found = co_await summary.run();
  if (!found) co_return std::nullopt;
  co_return std::move(found->summary);
}

std::optional<Bytes> fetch(const repo::Repo& repo, const repo::Remote& remote,
                           const PullOptions& options, const CancelToken& cancel) {
  asio::io_context io{1};
  const DownloadDir download_dir(repo.tmp());
  fetcher::Fetcher fetcher(io.get_executor(), fetcher_options(repo, remote, options),
                           download_dir.fd());
  RemoteFiles files(fetcher, remote_location(remote, options));
  std::optional<Bytes> summary;
  std::exception_ptr error;
  asio::co_spawn(io, fetch_with(files, open_summary_cache(repo, remote, options)),
                 [&](std::exception_ptr failure, std::optional<Bytes> bytes) {
                   error = failure;
                   summary = std::move(bytes);
                 });
  const CancelRegistration registration =
      cancel.on_cancel([&] { asio::post(io, [&] { fetcher.cancel(); }); });
  io.run();
  if (error) std::rethrow_exception(error);
  return summary;
}

}  // namespace

std::optional<Bytes> fetch_remote_summary(const repo::Repo& repo, PullOptions options,
                                          const CancelToken& cancel) {
  const repo::Remote remote = repo.remote(options.remote);
  // Signatures of commits are not looked at here.
  options.gpg_verify = false;
  options.disable_sign_verify = true;
  require_usable(remote, options);
  if (const auto path = remote.local_path()) return read_local(*path, options.max_metadata_size);
  return fetch(repo, remote, options, cancel);
}

}  // namespace xylem::pull
