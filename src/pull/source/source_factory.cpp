#include "pull/source/source_factory.hpp"

#include "pull/remote/local_index.hpp"
#include "pull/remote/remote_index.hpp"
#include "pull/remote/remote_setup.hpp"
#include "pull/remote/signed_index.hpp"
#include "pull/remote/verification.hpp"
#include "pull/source/cached_source.hpp"
#include "pull/source/http_source.hpp"
#include "pull/source/local_source.hpp"
#include "pull/source/shared_source.hpp"
#include "repo/open_source.hpp"

namespace xylem::pull {

OpenSource::OpenSource() = default;
OpenSource::OpenSource(OpenSource&&) noexcept = default;
OpenSource::~OpenSource() = default;

std::uint64_t OpenSource::bytes_received() const {
  return fetcher ? fetcher->stats().bytes_received : 0;
}

namespace {

repo::Trust trust_of(const PullOptions& options) {
  return options.trusted ? repo::Trust::Trusted : repo::Trust::Verify;
}

bool wants_whole_commits(const PullOptions& options) {
  return options.subpaths.empty() && !options.commit_metadata_only;
}

/// The path of the repository on this machine that is pulled from, if it is one.
std::optional<std::string> local_path_of(const PullOptions& options, const repo::Remote& remote) {
  if (options.local_repository) return options.local_repository;
  repo::Remote effective = remote;
  if (options.url) effective.url = *options.url;
  return effective.local_path();
}

const CancelToken& cancel_token_of(const PullContext& context) {
  return context.transaction.ingest().cancel_token();
}

OpenSource open_local(const std::string& path, const repo::Remote& remote,
                      const PullOptions& options, const sign::Requirement& summary,
                      const PullContext& context) {
  OpenSource opened;
  opened.repository = std::make_unique<repo::Repo>(repo::open_source(path));
  opened.lock = repo::ReadLock(*opened.repository, cancel_token_of(context));
  const repo::Repo& source = *opened.repository;
  auto given = given_summary(options);
  if (summary.empty() && !given)
    opened.index =
        std::make_unique<LocalIndex>(source, remote.collection_id,
                                     options.local_repository ? LocalIndex::RemoteRefs::Refuse
                                                              : LocalIndex::RemoteRefs::LeaveOut);
  else
    opened.index =
        std::make_unique<SignedIndex>(source, summary, remote.collection_id, std::move(given));
  opened.objects = std::make_unique<LocalSource>(
      source, LocalSource::Settings{trust_of(options), wants_whole_commits(options)}, context);
  return opened;
}

fetcher::FetcherOptions with_messages(fetcher::FetcherOptions options, const Messages& messages) {
  options.on_event = [&messages](const fetcher::FetchEvent& event) {
    messages.tell(message_of(event));
  };
  return options;
}

OpenSource open_http(const PullOptions& options, const repo::Remote& remote,
                     const sign::Requirement& summary, const PullContext& context) {
  const repo::Repo& repo = context.transaction.repo();
  OpenSource opened;
  opened.download_dir = std::make_unique<DownloadDir>(repo.tmp());
  auto settings_of_fetcher = fetcher_options(repo, remote, options);
  settings_of_fetcher.take_over = [&dir = *opened.download_dir](const std::string& download) {
    return dir.is_abandoned(download) && dir.take_over(download);
  };
  opened.fetcher = std::make_unique<fetcher::Fetcher>(
      context.executor, with_messages(std::move(settings_of_fetcher), context.messages),
      opened.download_dir->fd());
  opened.files = std::make_unique<RemoteFiles>(*opened.fetcher, remote_location(remote, options),
                                               &context.messages);
  SummaryRules rules = summary_rules(summary, opened.files->where());
  if (options.mirror) rules.wants_signature = true;  // its summary is copied
  rules.given = given_summary(options);
  opened.index =
      std::make_unique<RemoteIndex>(*opened.files, open_summary_cache(repo, remote, options),
                                    std::move(rules), remote.collection_id);
  HttpSource::Settings settings;
  settings.max_metadata_size = options.max_metadata_size;
  settings.trust_content =
      options.http_trusted && options.mirror && repo.mode() == repo::Mode::Archive;
  auto server = std::make_unique<HttpSource>(*opened.files, settings, context);
  opened.objects = std::make_unique<SharedSource>(std::move(server), context, *opened.download_dir,
                                                  *opened.fetcher);
  return opened;
}

/// Has nothing but the name to write refs under, its GPG keys, and the collection that the source
/// says it is, to which its commits must be bound.
repo::Remote local_remote(const repo::Repo& repo, const PullOptions& options) {
  repo::Remote remote;
  remote.name = options.remote;
  remote.gpg_verify = false;
  remote.collection_id = repo::open_source(*options.local_repository).config().collection_id;
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
                       const sign::Requirement& summary, const PullContext& context) {
  const auto path = local_path_of(options, remote);
  OpenSource opened = path ? open_local(*path, remote, options, summary, context)
                           : open_http(options, remote, summary, context);
  auto caches = std::make_unique<LocalCaches>(options.localcache_repos, context.transaction.repo(),
                                              context.messages);
  if (caches->empty()) return opened;
  opened.objects = std::make_unique<CachedSource>(std::move(opened.objects), std::move(caches),
                                                  trust_of(options), context);
  return opened;
}

}  // namespace xylem::pull
