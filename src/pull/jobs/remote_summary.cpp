#include "pull/jobs/remote_summary.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/os/os.hpp"
#include "base/os/temporary_directory.hpp"
#include "pull/downloads/download_dir.hpp"
#include "pull/remote/remote_setup.hpp"
#include "pull/remote/verification.hpp"
#include "repo/disk/layout.hpp"
#include "repo/open_source.hpp"
#include "repo/refs/summary_file.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

using Files = std::optional<repo::SummaryFiles>;

Files read_local(const std::string& path, const sign::Requirement& requirement,
                 std::uint64_t max_size) {
  const repo::Repo source = repo::open_source(path);
  auto files = repo::read_summary_files(source, max_size);
  if (!files) return std::nullopt;
  const auto& signature = files->signature;
  require_signed_summary(requirement, files->summary, signature ? &*signature : nullptr, path);
  return files;
}

/// Where a large body goes on its way. A question writes nothing into a repository that may only be
/// read: it has a directory elsewhere then.
class DownloadPlace {
 public:
  explicit DownloadPlace(const repo::Repo& repo) {
    if (repo.writable()) {
      inside_.emplace(repo.tmp());
    } else {
      elsewhere_.emplace("xylem-summary-");
      dir_ = os::open_dir({FileDescriptor::cwd(), elsewhere_->path()});
    }
  }
  FileDescriptor fd() const { return inside_ ? inside_->fd() : FileDescriptor(dir_); }

 private:
  std::optional<DownloadDir> inside_;
  std::optional<TemporaryDirectory> elsewhere_;
  UniqueFd dir_;
};

asio::awaitable<Files> fetch_with(RemoteFiles& files, SummaryCache cache, SummaryRules rules) {
  co_await files.resolve();
  SummaryFetch summary(files, std::move(cache), std::move(rules));
  Files found = co_await summary.run();
  if (const auto denied = files.denial(repo::layout::summary); denied && !found)
    throw Error(*denied).prefix("No access to the summary of " + files.where());
  co_return found;
}

/// `rules_at` has the rules for where the files turn out to be.
Files fetch(const repo::Repo& repo, const repo::Remote& remote, const PullOptions& options,
            const std::function<SummaryRules(const std::string&)>& rules_at,
            const CancelToken& cancel) {
  asio::io_context io{1};
  const DownloadPlace place(repo);
  fetcher::Fetcher fetcher(io.get_executor(), fetcher_options(repo, remote, options), place.fd());
  RemoteFiles files(fetcher, remote_location(remote, options));
  SummaryRules rules = rules_at(files.where());
  Files summary;
  std::exception_ptr error;
  asio::co_spawn(io, fetch_with(files, open_summary_cache(repo, remote, options), std::move(rules)),
                 [&](std::exception_ptr failure, Files fetched) {
                   error = failure;
                   summary = std::move(fetched);
                 });
  const CancelRegistration registration =
      cancel.on_cancel([&] { asio::post(io, [&] { fetcher.cancel(); }); });
  io.run();
  if (error) std::rethrow_exception(error);
  return summary;
}

}  // namespace

std::optional<repo::SummaryFiles> fetch_remote_summary(const repo::Repo& repo, PullOptions options,
                                                       const CancelToken& cancel,
                                                       bool always_signature) {
  const repo::Remote remote = repo.remote(options.remote);
  // Signatures of commits are not looked at here, so their keys need not be there.
  options.gpg_verify = false;
  options.disable_sign_verify = true;
  // Nothing is at no URL, whoever else fetches from the remote.
  if (remote.url.empty() && !remote.metalink) require_location(remote, options);
  require_usable(remote);
  const sign::Requirement requirement = verification_of(repo, remote, options).summary;
  if (const auto path = remote.local_path())
    return read_local(*path, requirement, options.max_metadata_size);
  const auto rules_at = [&](const std::string& where) {
    SummaryRules rules = summary_rules(requirement, where);
    rules.wants_signature |= always_signature;
    return rules;
  };
  return fetch(repo, remote, options, rules_at, cancel);
}

}  // namespace xylem::pull
