#include "pull/session.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "fetcher/fetcher.hpp"
#include "pull/downloads/presence.hpp"
#include "pull/remote/remote_files.hpp"
#include "pull/remote/remote_setup.hpp"
#include "pull/remote/verification.hpp"
#include "pull/report/journal.hpp"
#include "pull/report/progress.hpp"
#include "pull/sandbox.hpp"
#include "pull/settings.hpp"
#include "pull/source/source_factory.hpp"
#include "pull/targets.hpp"
#include "repo/disk/layout.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

/// Files that are on their way at once: as many as are asked for, and some that are unpacked. More
/// would only wait, each with a claim and a coroutine.
std::size_t content_width(const fetcher::Fetcher* fetcher) {
  constexpr std::size_t unpacked = 64;
  return unpacked + (fetcher != nullptr ? fetcher->width() : 0);
}

constexpr std::size_t commit_width = 32;

/// The threads of a pull. When `io` has run out of work, so has the pool.
struct Threads {
  asio::io_context io{1};
  WorkPool pool{io, std::max(2U, std::thread::hardware_concurrency())};
};

PullRecord first_record(const PullOptions& options) {
  return {.remote = options.remote,
          .refs = options.refs,
          .pid = ::getpid(),
          .started = std::time(nullptr)};
}

/// One pull, from the resolved remote to the published refs.
class Session {
 public:
  /// What it works with.
  struct Parts {
    Threads& threads;
    TaskGroup& group;
    repo::Transaction& transaction;
    OpenSource& origin;
    Counters& counters;
    ObjectSizes& sizes;
  };

  /// All references are borrowed.
  Session(const PullOptions& options, const repo::Remote& remote, const Verification& verification,
          PullObserver* observer, const Parts& parts);

  PullResult run(const CancelToken& cancel);

 private:
  asio::awaitable<void> main();
  asio::awaitable<void> pull_everything();
  const sign::Requirement* own_signatures(const Target& target) const;
  asio::awaitable<void> settle();
  asio::awaitable<void> publish();
  asio::awaitable<void> copy_summary();
  void want_file(const Checksum& file);
  void set_refs();
  void stop_transfers();
  void arm_deadline();
  void end_on_request();
  /// What is on this machine already is linked sooner than waited for.
  bool shares_work() const { return !origin_.is_local() && !options_.dry_run; }
  std::uint64_t bytes_received() const;
  std::optional<std::uint64_t> bytes_expected() const;
  PullResult result() const;

  const PullOptions& options_;
  const repo::Remote& remote_;
  const Verification& verification_;
  Threads& threads_;
  repo::Transaction& transaction_;
  OpenSource& origin_;
  Counters& counters_;
  ObjectSizes& sizes_;
  SubpathFilter filter_;
  TaskGroup& group_;
  ProgressReporter reporter_;
  Presence presence_;
  Dispatcher<Checksum> content_;
  Scanner::Environment environment_;
  Scanner scanner_;
  CommitSeats seats_;
  CommitPuller commits_;
  Dispatcher<Target> targets_;
  std::vector<PulledRef> pulled_;
  std::vector<PullTarget> wanted_;
  repo::TransactionStats stats_;
  asio::steady_timer deadline_;
};

Session::Session(const PullOptions& options, const repo::Remote& remote,
                 const Verification& verification, PullObserver* observer, const Parts& parts)
    : options_(options),
      remote_(remote),
      verification_(verification),
      threads_(parts.threads),
      transaction_(parts.transaction),
      origin_(parts.origin),
      counters_(parts.counters),
      sizes_(parts.sizes),
      filter_(options.subpaths),
      group_(parts.group),
      reporter_(
          threads_.io.get_executor(), observer, options.update_frequency, counters_,
          [this] { return bytes_received(); }, [this] { return bytes_expected(); }),
      presence_(threads_.io.get_executor(), transaction_,
                origin_.download_dir ? &*origin_.download_dir : nullptr, first_record(options),
                {[this] { return bytes_received(); }, [this] { end_on_request(); }}),
      content_(
          group_, [this] { return content_width(origin_.fetcher.get()); },
          [this](Checksum file) { return origin_.objects->take_content(file); }),
      environment_{group_,
                   threads_.pool,
                   transaction_,
                   *origin_.objects,
                   counters_,
                   filter_,
                   [this](const Checksum& file) { want_file(file); }},
      scanner_(environment_),
      seats_(transaction_.repo(), transaction_.claims()),
      commits_(environment_, commit_settings(options, remote, verification.commits), scanner_,
               sizes_, shares_work() ? &seats_ : nullptr),
      targets_(group_, commit_width,
               [this](Target target) { return commits_.pull(std::move(target)); }),
      deadline_(threads_.io) {
  group_.on_failure([this] { stop_transfers(); });
  seats_.on_succession([this] {
    if (origin_.download_dir) origin_.download_dir->look_for_abandoned();
  });
}

PullResult Session::run(const CancelToken& cancel) {
  std::exception_ptr error;
  asio::co_spawn(threads_.io, main(), [&](std::exception_ptr failure) {
    error = failure;
    reporter_.stop();
    presence_.stop();
    deadline_.cancel();
  });
  asio::co_spawn(threads_.io, reporter_.run(), [](std::exception_ptr) {});
  presence_.start();
  arm_deadline();
  const CancelRegistration registration = cancel.on_cancel([this] {
    asio::post(threads_.io, [this] {
      group_.fail(std::make_exception_ptr(Error(ErrorKind::Cancelled, "The pull was cancelled")));
    });
  });
  threads_.io.run();
  if (error) std::rethrow_exception(error);
  return result();
}

void Session::arm_deadline() {
  if (options_.deadline.count() == 0) return;
  deadline_.expires_after(options_.deadline);
  deadline_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    Error late(ErrorKind::Timeout,
               fmt::format("The pull took longer than {} seconds", options_.deadline.count()));
    late.hint("pull again to go on from here, with a later deadline");
    group_.fail(std::make_exception_ptr(late));
  });
}

void Session::end_on_request() {
  group_.fail(std::make_exception_ptr(Error(ErrorKind::Cancelled, "The transfer was aborted")));
}

asio::awaitable<void> Session::main() {
  try {
    co_await pull_everything();
  } catch (...) {
    group_.fail(std::current_exception());
  }
  co_await group_.join();
  if (!options_.dry_run) {
    co_await settle();
    co_await publish();
  }
  counters_.phase = PullProgress::Phase::Done;
  reporter_.report();
}

asio::awaitable<void> Session::pull_everything() {
  if (origin_.files) co_await origin_.files->resolve();
  auto requests = co_await requests_of(options_, remote_, *origin_.index);
  wanted_ = co_await resolve_targets(std::move(requests), options_, remote_, transaction_.repo(),
                                     *origin_.index);
  for (PullTarget& wanted : wanted_) {
    wanted.target.signatures = own_signatures(wanted.target);
    targets_.push(wanted.target);
  }
}

/// What `ref_keyring_map` says of this ref; null if it says nothing.
const sign::Requirement* Session::own_signatures(const Target& target) const {
  const auto found =
      target.ref ? verification_.by_ref.find(*target.ref) : verification_.by_ref.end();
  return found == verification_.by_ref.end() ? nullptr : &found->second;
}

void Session::want_file(const Checksum& file) {
  counters_.content_bytes_requested += sizes_.archived(file).value_or(0);
  if (!options_.dry_run) content_.push(file);
}

/// What was to come from other pulls that broke down meanwhile is fetched after all.
asio::awaitable<void> Session::settle() {
  counters_.phase = PullProgress::Phase::Writing;
  reporter_.report();
  for (;;) {
    const auto lost = co_await offload(
        threads_.pool, [this] { return transaction_.settle(); }, WorkPool::Length::Long);
    if (lost.empty()) co_return;
    for (const Checksum& file : lost) content_.push(file);
    co_await group_.join();
  }
}

asio::awaitable<void> Session::publish() {
  presence_.leave_directories();
  set_refs();
  stats_ = co_await offload(
      threads_.pool, [this] { return transaction_.commit(); }, WorkPool::Length::Long);
  const bool all_refs = options_.refs.empty() && remote_.branches.empty();
  if (options_.mirror && all_refs) co_await copy_summary();
}

void Session::set_refs() {
  for (const PullTarget& wanted : wanted_) {
    if (!wanted.target.ref) continue;
    const Checksum& commit = wanted.target.commit;
    const bool changed = current_commit(transaction_.repo(), wanted) != commit;
    pulled_.push_back({*wanted.target.ref, commit.hex(), changed});
    if (!changed) continue;
    if (const auto* ref = std::get_if<repo::CollectionRef>(&wanted.destination))
      transaction_.set_ref(*ref, commit);
    else
      transaction_.set_ref(std::get<object::RefSpec>(wanted.destination), commit);
  }
}

/// Last, so that whoever reads the mirror's summary finds what it names.
asio::awaitable<void> Session::copy_summary() {
  const auto files = co_await origin_.index->summary_files();
  if (!files) co_return;
  const FileDescriptor dir = transaction_.repo().dir();
  const bool fsync = !options_.disable_fsync;
  repo::replace_file({dir, repo::layout::summary}, files->summary, fsync);
  const PathAt signature{dir, repo::layout::summary_signature};
  if (files->signature)
    repo::replace_file(signature, *files->signature, fsync);
  else
    os::unlink(signature);  // the one of before is not for this summary
}

void Session::stop_transfers() {
  seats_.stop();
  origin_.objects->stop();
  if (origin_.fetcher) origin_.fetcher->cancel();
}

std::uint64_t Session::bytes_received() const {
  return origin_.fetcher ? origin_.fetcher->stats().bytes_received : 0;
}

std::optional<std::uint64_t> Session::bytes_expected() const {
  if (sizes_.empty()) return std::nullopt;
  return counters_.content_bytes_requested;
}

PullResult Session::result() const {
  PullResult result;
  result.refs = pulled_;
  result.metadata_fetched = counters_.metadata_fetched;
  result.content_fetched = counters_.content_fetched;
  result.metadata_imported = counters_.metadata_imported;
  result.content_imported = counters_.content_imported;
  result.bytes_transferred = bytes_received();
  if (origin_.fetcher) {
    const fetcher::FetcherStats stats = origin_.fetcher->stats();
    result.bytes_resumed = stats.bytes_resumed;
    result.requests = stats.requests;
    result.retries = stats.retries;
  }
  result.bytes_written = stats_.content_bytes_written;
  result.local = origin_.is_local();
  result.content_requested = counters_.content_requested;
  result.bytes_expected = bytes_expected();
  result.elapsed = reporter_.elapsed();
  return result;
}

PullResult run_here(const std::string& repo_path, const PullOptions& options,
                    PullObserver* observer, const CancelToken& cancel) {
  repo::Repo repo = repo::Repo::open(repo_path);
  repo.require_writable();
  const repo::Remote remote = remote_of(repo, options);
  require_usable(remote);
  const Verification verification = verification_of(repo, remote, options);
  if (options.sandbox) enter_sandbox(repo, verification, options);

  repo::Transaction transaction(repo, transaction_options(options), cancel);
  Counters counters;
  ObjectSizes sizes;
  Threads threads;
  TaskGroup group(threads.io.get_executor());
  OpenSource origin = open_source(options, remote,
                                  {threads.io.get_executor(), group, threads.pool, transaction,
                                   counters, sizes, verification.summary});
  Session session(options, remote, verification, observer,
                  {threads, group, transaction, origin, counters, sizes});
  PullResult result = session.run(cancel);
  if (origin.fetcher && result.bytes_transferred > 0 && !options.dry_run)
    send_to_journal(journal_fields(remote, options, result));
  return result;
}

}  // namespace

PullResult run(const std::string& repo_path, const PullOptions& options, PullObserver* observer,
               const CancelToken& cancel) {
  validate(options);
  if (!options.sandbox) return run_here(repo_path, options, observer, cancel);
  return run_apart([&] { return run_here(repo_path, options, observer, cancel); });
}

}  // namespace xylem::pull
