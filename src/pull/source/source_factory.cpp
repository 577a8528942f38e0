#include "pull/source/source_factory.hpp"

#include "pull/remote/local_index.hpp"
#include "pull/remote/remote_index.hpp"
#include "pull/remote/remote_setup.hpp"
#include "pull/remote/signed_index.hpp"
#include "pull/remote/verification.hpp"
#include "pull/source/cached_source.hpp"
#include "pull/source/http_source.hpp"
#include "pull/source/shared_source.hpp"

namespace xylem::pull {

OpenSource::OpenSource() = default;
OpenSource::OpenSource(OpenSource&&) noexcept = default;
OpenSource::~OpenSource() = default;

namespace {

repo::Trust trust_of(const PullOptions& options) {
  return options.trusted ? repo::Trust::Trusted : repo::Trust::Verify;
}

/// The path of the repository on this machine that is pulled from, if it is one.
std::optional<std::string> local_path_of(const PullOptions& options, const repo::Remote& remote) {
  if (options.local_repository) return options.local_repository;
  repo::Remote effective = remote;
  if (options.url) effective.url = *options.url;
  return effective.local_path();
}

OpenSource open_local(const std::string& path, const repo::Remote& remote,
                      const PullOptions& options, const SourceContext& context) {
  OpenSource opened;
  opened.repository = std::make_unique<repo::Repo>(repo::Repo::open(path));
  const repo::Repo& source = *opened.repository;
  if (context.summary.empty())
    opened.index = std::make_unique<LocalIndex>(source, remote.collection_id);
  else
    opened.index = std::make_unique<SignedIndex>(source, context.summary, remote.collection_id);
  opened.objects = std::make_unique<LocalSource>(source, trust_of(options), context.transaction,
                                                 context.pool, context.counters);
  return opened;
}

/// Before a server stand the other pulls of the same repository.
std::unique_ptr<ObjectSource> share(std::unique_ptr<ObjectSource> server, const OpenSource& opened,
                                    const SourceContext& context) {
  const auto take_over = [dir = opened.download_dir.get(),
                          fetcher = opened.fetcher.get()](const std::string& download) {
    if (dir->take_over(download)) fetcher->expect_download(download);
  };
  const auto is_abandoned = [dir = opened.download_dir.get()](const std::string& download) {
    return dir->is_abandoned(download);
  };
  return std::make_unique<SharedSource>(
      std::move(server), SharedSource::Context{context.group, context.pool, context.transaction,
                                               context.counters, take_over, is_abandoned});
}

OpenSource open_http(const PullOptions& options, const repo::Remote& remote,
                     const SourceContext& context) {
  const repo::Repo& repo = context.transaction.repo();
  OpenSource opened;
  opened.download_dir = std::make_unique<DownloadDir>(repo.tmp());
  opened.fetcher = std::make_unique<fetcher::Fetcher>(
      context.executor, fetcher_options(repo, remote, options), opened.download_dir->fd());
  opened.files = std::make_unique<RemoteFiles>(*opened.fetcher, remote_location(remote, options));
  SummaryRules rules = summary_rules(context.summary, opened.files->where());
  if (options.mirror) rules.wants_signature = true;  // its summary is copied
  opened.index =
      std::make_unique<RemoteIndex>(*opened.files, open_summary_cache(repo, remote, options),
                                    std::move(rules), remote.collection_id);
  HttpSource::Settings settings;
  settings.max_metadata_size = options.max_metadata_size;
  settings.trust_content =
      options.http_trusted && options.mirror && repo.mode() == repo::Mode::Archive;
  auto server = std::make_unique<HttpSource>(*opened.files, settings, context.transaction,
                                             context.pool, context.counters, context.sizes);
  opened.objects = share(std::move(server), opened, context);
  return opened;
}

}  // namespace

namespace {

/// Has nothing but the name to write refs under, and its GPG keys.
repo::Remote local_remote(const repo::Repo& repo, const PullOptions& options) {
  repo::Remote remote;
  remote.name = options.remote;
  remote.gpg_verify = false;
  if (!options.remote.empty() && repo.has_remote(options.remote))
    remote.gpg_key_path = repo.remote(options.remote).gpg_key_path;
  return remote;
}

}  // namespace

repo::Remote remote_of(const repo::Repo& repo, const PullOptions& options) {
  repo::Remote remote =
      options.local_repository ? local_remote(repo, options) : repo.remote(options.remote);
  if (options.collection_id) remote.collection_id = options.collection_id;
  return remote;
}

OpenSource open_source(const PullOptions& options, const repo::Remote& remote,
                       const SourceContext& context) {
  const auto path = local_path_of(options, remote);
  OpenSource opened =
      path ? open_local(*path, remote, options, context) : open_http(options, remote, context);
  if (options.localcache_repos.empty()) return opened;
  std::vector<repo::Repo> caches;
  for (const std::string& cache : options.localcache_repos)
    caches.push_back(repo::Repo::open(cache));
  opened.objects = std::make_unique<CachedSource>(std::move(opened.objects), std::move(caches),
                                                  trust_of(options), context.transaction,
                                                  context.pool, context.counters);
  return opened;
}

}  // namespace xylem::pull
