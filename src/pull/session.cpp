#include "pull/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "fetcher/fetcher.hpp"
#include "pull/content_queue.hpp"
#include "pull/delta_setup.hpp"
#include "pull/downloads/presence.hpp"
#include "pull/interruption.hpp"
#include "pull/publication.hpp"
#include "pull/remote/remote_files.hpp"
#include "pull/remote/remote_setup.hpp"
#include "pull/remote/verification.hpp"
#include "pull/report/journal.hpp"
#include "pull/report/progress.hpp"
#include "pull/result.hpp"
#include "pull/sandbox.hpp"
#include "pull/settings.hpp"
#include "pull/source/source_factory.hpp"
#include "pull/source/wait_notice.hpp"
#include "pull/targets.hpp"
#include "repo/partial.hpp"
#include "task/offload.hpp"

namespace xylem::pull {

namespace {

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

/// What is pulled: the caller's options, with what the configuration says about the remote.
struct Assignment {
  const PullOptions& options;
  const repo::Remote& remote;
  const Verification& verification;
};

CommitPuller::Settings settings_of(const Assignment& assignment, const OpenSource& origin,
                                   PullObserver* observer) {
  auto settings =
      commit_settings(assignment.options, assignment.remote, assignment.verification.commits);
  if (!origin.is_local()) settings.absence = "Server returned HTTP 404";
  settings.on_signatures = [observer](const Checksum& commit, const sign::Report& report) {
    tell_signatures(observer, commit, report);
  };
  return settings;
}

struct SessionDeltas {
  OpenDeltaFiles from;
  std::unique_ptr<DeltaPuller> puller;  ///< Null if no deltas are wanted.
};

/// One pull, from the resolved remote to the published refs: its parts, put together and run. Each
/// part uses only those above it, which is why they stand in this order.
class Session {
 public:
  /// All references are borrowed.
  Session(const Assignment& assignment, asio::io_context& io, PullContext& context,
          OpenSource& origin, PullObserver* observer);

  /// Runs `io` until all is done.
  PullResult run(asio::io_context& io, const CancelToken& cancel);

 private:
  asio::awaitable<Published> main();
  asio::awaitable<std::vector<PullTarget>> pull_everything();
  asio::awaitable<Published> publish_everything(std::vector<PullTarget> targets);
  asio::awaitable<void> remove_unwanted_downloads();
  const sign::Requirement* own_signatures(const Target& target) const;
  SessionDeltas open_deltas();
  std::unique_ptr<DeltaPuller> make_delta_puller(DeltaFiles& from);
  asio::awaitable<void> prepare_deltas(const std::vector<PullTarget>& targets);
  asio::awaitable<void> mirror_deltas(const std::vector<PullTarget>& targets);
  void stop_transfers();
  /// What is on this machine already is linked sooner than waited for.
  bool shares_work() const { return !origin_.is_local() && !assignment_.options.dry_run; }

  Assignment assignment_;
  PullContext& context_;
  OpenSource& origin_;
  ProgressReporter reporter_;
  Interruption interruption_;
  Presence presence_;
  ContentQueue content_;
  Scanner scanner_;
  CommitSlots slots_;
  WaitNotice notice_;
  SessionDeltas deltas_;
  CommitPuller commits_;
};

Session::Session(const Assignment& assignment, asio::io_context& io, PullContext& context,
                 OpenSource& origin, PullObserver* observer)
    : assignment_(assignment),
      context_(context),
      origin_(origin),
      reporter_(context.executor, observer, assignment.options.update_frequency, context.counters,
                [this] { return traffic_of(context_, origin_); }),
      interruption_(io, context.group),
      presence_(context.executor, context.transaction, origin.download_dir.get(),
                first_record(assignment.options),
                {[this] { return origin_.bytes_received(); }, [this] { interruption_.abort(); }}),
      content_(context, origin, assignment.options.dry_run),
      scanner_(context, *origin.objects, SubpathFilter(assignment.options.subpaths),
               [this](const Checksum& file) { content_.want(file); }),
      slots_(context.transaction.repo(), context.transaction.claims()),
      notice_(context.messages, context.transaction.repo()),
      deltas_(open_deltas()),
      commits_(context, *origin.objects, scanner_, settings_of(assignment, origin, observer),
               {shares_work() ? &slots_ : nullptr, deltas_.puller.get()}) {
  scanner_.on_idle([this] { content_.begin(); });
  context_.group.on_failure([this] { stop_transfers(); });
  slots_.on_wait([this](WaitNotice::Clock::time_point begin) { notice_.waiting_since(begin); });
  slots_.on_succession([this] {
    if (origin_.download_dir) origin_.download_dir->look_for_abandoned();
  });
}

PullResult Session::run(asio::io_context& io, const CancelToken& cancel) {
  std::exception_ptr error;
  Published published;
  asio::co_spawn(io, main(), [&](std::exception_ptr failure, Published done) {
    error = failure;
    published = std::move(done);
    reporter_.stop();
    presence_.stop();
    interruption_.stop();
  });
  asio::co_spawn(io, reporter_.run(), [](std::exception_ptr) {});
  presence_.start();
  interruption_.set_deadline(assignment_.options.deadline);
  const CancelRegistration registration = interruption_.watch(cancel);
  io.run();
  if (error) std::rethrow_exception(error);
  PullResult result = result_of(context_, origin_, std::move(published), reporter_.elapsed());
  result.plan = content_.plan();
  return result;
}

asio::awaitable<Published> Session::main() {
  std::vector<PullTarget> targets;
  try {
    targets = co_await pull_everything();
  } catch (...) {
    context_.group.fail(std::current_exception());
  }
  co_await context_.group.join();
  if (deltas_.from.mirror != nullptr) co_await mirror_deltas(targets);
  Published published;
  if (!assignment_.options.dry_run) published = co_await publish_everything(std::move(targets));
  context_.counters.phase = PullProgress::Phase::Done;
  reporter_.report();
  co_return published;
}

/// When this returns the commits are on their way; the group's join() waits for them.
asio::awaitable<std::vector<PullTarget>> Session::pull_everything() {
  if (origin_.files) co_await origin_.files->resolve();
  const auto& [options, remote, verification] = assignment_;
  auto requests = co_await requests_of(options, remote, *origin_.index);
  auto targets = co_await resolve_targets(std::move(requests), options, remote,
                                          context_.transaction.repo(), *origin_.index);
  if (deltas_.puller) co_await prepare_deltas(targets);
  std::vector<Target> commits;
  for (PullTarget& wanted : targets) {
    wanted.target.signatures = own_signatures(wanted.target);
    commits.push_back(wanted.target);
  }
  commits_.push(std::move(commits));
  co_return targets;
}

SessionDeltas Session::open_deltas() {
  SessionDeltas deltas{open_delta_files(assignment_.options, assignment_.remote, origin_, context_),
                       nullptr};
  if (deltas.from.files) deltas.puller = make_delta_puller(*deltas.from.files);
  return deltas;
}

std::unique_ptr<DeltaPuller> Session::make_delta_puller(DeltaFiles& from) {
  const auto& [options, remote, verification] = assignment_;
  DeltaPuller::Callbacks callbacks;
  callbacks.want_file = [this](const Checksum& file) { scanner_.want(file); };
  callbacks.fetch_file = [this](Checksum file) { return origin_.objects->take_content(file); };
  callbacks.require_room = [this](std::uint64_t content) {
    content_.require_room_for_delta(content);
  };
  return std::make_unique<DeltaPuller>(
      context_, from, *origin_.index,
      delta_settings(options, remote, verification, origin_, context_.transaction.repo()),
      std::move(callbacks));
}

/// Nothing is asked for if all commits are here.
asio::awaitable<void> Session::prepare_deltas(const std::vector<PullTarget>& targets) {
  const repo::Repo& repo = context_.transaction.repo();
  const auto is_new = [&](const PullTarget& wanted) {
    return !repo::is_complete(repo, wanted.target.commit);
  };
  const bool mirrors = deltas_.from.mirror != nullptr;
  if (!mirrors && std::ranges::none_of(targets, is_new)) co_return;
  const auto has_ref = [](const PullTarget& wanted) { return wanted.target.ref.has_value(); };
  const bool has_refs = std::ranges::any_of(targets, has_ref);
  co_await deltas_.puller->prepare(!has_refs);
}

/// Those to what is pulled. A mirror without one of them is a good mirror.
asio::awaitable<void> Session::mirror_deltas(const std::vector<PullTarget>& targets) {
  bool any = false;
  for (const PullTarget& wanted : targets) {
    const DeltaTarget target{wanted.target.commit, wanted.target.ref, std::nullopt};
    const auto offers = co_await deltas_.puller->offers_to(target);
    for (const DeltaOffer& offer : offers)
      any |= co_await deltas_.puller->mirror(*deltas_.from.mirror, offer);
  }
  if (any) co_await deltas_.from.mirror->write_indexes();
}

/// What `ref_keyring_map` says of this ref; null if it says nothing.
const sign::Requirement* Session::own_signatures(const Target& target) const {
  const auto& by_ref = assignment_.verification.by_ref;
  const auto found = target.ref ? by_ref.find(*target.ref) : by_ref.end();
  return found == by_ref.end() ? nullptr : &found->second;
}

/// A mirror's summary comes last, so that whoever reads it finds what it names.
asio::awaitable<Published> Session::publish_everything(std::vector<PullTarget> targets) {
  const auto& [options, remote, verification] = assignment_;
  context_.counters.phase = PullProgress::Phase::Writing;
  reporter_.report();
  co_await secure_borrowed(context_, [this](const Checksum& file) { content_.fetch_again(file); });
  presence_.leave_directories();
  Published published = co_await publish(context_, std::move(targets), options.keep_refs);
  const bool all_refs = options.refs.empty() && remote.branches.empty();
  if (options.mirror && all_refs && !options.keep_refs)
    co_await copy_summary(*origin_.index, context_.transaction.repo(), !options.disable_fsync);
  co_await remove_unwanted_downloads();
  co_return published;
}

/// Of pulls that died. One that fetched only a part says nothing about what others fetch.
asio::awaitable<void> Session::remove_unwanted_downloads() {
  if (!origin_.download_dir) co_return;
  const PullOptions& options = assignment_.options;
  const bool all = options.subpaths.empty() && !options.commit_metadata_only;
  const PullRecord done = first_record(options);
  const repo::Repo& repo = context_.transaction.repo();
  co_await offload(context_.pool, [&] {
    origin_.download_dir->remove_unwanted(
        [&](const object::ObjectName& name) { return repo.has(name); }, all ? &done : nullptr);
  });
}

void Session::stop_transfers() {
  slots_.stop();
  origin_.objects->stop();
  if (origin_.fetcher) origin_.fetcher->cancel();
}

PullResult run_here(repo::Repo& repo, const Assignment& assignment, PullObserver* observer,
                    const CancelToken& cancel) {
  const auto& [options, remote, verification] = assignment;
  Threads threads;
  const Messages messages(threads.io.get_executor(), observer);
  repo::Transaction transaction(repo, transaction_options(options, messages), cancel);
  Counters counters;
  ObjectSizes sizes;
  TaskGroup group(threads.io.get_executor());
  PullContext context{
      threads.io.get_executor(), group, threads.pool, transaction, counters, sizes, messages};
  OpenSource origin = open_source(options, remote, verification.summary, context);
  Session session(assignment, threads.io, context, origin, observer);
  PullResult result = session.run(threads.io, cancel);
  if (origin.fetcher && result.bytes_transferred > 0 && !options.dry_run)
    send_to_journal(journal_fields(remote, options, result));
  return result;
}

}  // namespace

PullResult run(repo::Repo& repo, const PullOptions& options, PullObserver* observer,
               const CancelToken& cancel) {
  validate(options);
  repo.require_writable();
  if (options.caller_holds_lock) repo.leave_lock_to_caller();
  const repo::Remote remote = remote_of(repo, options);
  require_usable(remote);
  if (!options.local_repository) require_location(remote, options);
  // Whoever unpacks keys also removes them: within the sandbox that cannot be done.
  const Verification verification = verification_of(repo, remote, options);
  const Assignment assignment{options, remote, verification};
  if (!options.sandbox) return run_here(repo, assignment, observer, cancel);
  return run_apart([&] {
    enter_sandbox(repo, verification, options);
    return run_here(repo, assignment, observer, cancel);
  });
}

}  // namespace xylem::pull
