#include "fetcher/fetch_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "fetcher/download/download_name.hpp"
#include "fetcher/fetch_targets.hpp"
#include "fetcher/http/url.hpp"
#include "fetcher/policy/retry_policy.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr int most_redirects = 8;

bool is_redirect(const TransferResult& result) {
  return result.head.status >= 300 && result.head.status < 400 && !result.location.empty();
}

Failure bad_redirect(const Target& target, std::string reason) {
  return {.verdict = classify(CURLE_TOO_MANY_REDIRECTS, 0),
          .reason = std::move(reason),
          .hint = "check the configuration of the server",
          .url = target.shown};
}

/// A body that is too large, or that ends too early: another mirror may have a better one.
Failure bad_body(const Error& error, const Target& target) {
  return {.verdict = {ErrorKind::Corrupt, Recovery::Never},
          .reason = error.what(),
          .url = target.shown};
}

/// Adds what a failure on our side does not know.
Error with_story(Error error, const Target& target, int attempts) {
  ErrorDetails& details = error.details();
  if (details.url.empty()) details.url = target.shown;
  details.attempts = attempts;
  return error;
}

}  // namespace

FetchJob::FetchJob(FetchContext& context, Request request)
    : context_(context),
      request_(std::move(request)),
      targets_(
          targets_of(request_, context.targets, context.mirrors, std::chrono::steady_clock::now())),
      file_{.directory = context_.directory, .name = {}, .watcher = request_.watcher},
      cursor_(targets_.size(), context_.options.retries) {
  claim_name();
}

FetchJob::~FetchJob() {
  if (file_.keep) {
    file_.directory.unclaim(file_.name);
  } else if (file_.partial) {
    file_.partial.reset();
    file_.directory.remove(file_.name);
  }
}

void FetchJob::claim_name() {
  if (!request_.resume_name.empty()) {
    check_download_name(request_.resume_name);
    file_.keep = file_.directory.claim(request_.resume_name);
  }
  file_.name = file_.keep ? request_.resume_name : file_.directory.next_anonymous_name();
}

std::optional<Response> FetchJob::already_here() {
  if (!file_.keep) return std::nullopt;
  if (request_.no_cache) forget_partial();
  const auto size = file_.directory.take_finished(file_.name);
  if (!size) return std::nullopt;
  if (request_.max_size != 0 && *size > request_.max_size) {
    forget_partial();
    return std::nullopt;
  }
  context_.stats.bytes_resumed += *size;
  return Response{.body = {.file_name = file_.name, .size = *size},
                  .url = targets_.front().shown,
                  .mirror = targets_.front().shown};
}

asio::awaitable<Response> FetchJob::run() {
  if (auto found = already_here()) co_return std::move(*found);
  for (;;) {
    const Target& target = targets_[cursor_.current()];
    try {
      Outcome outcome = co_await attempt(target);
      if (auto* response = std::get_if<Response>(&outcome)) {
        credit(*response);
        co_return std::move(*response);
      }
      note(std::get<Failure>(std::move(outcome)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Corrupt) throw with_story(error, target, attempts_);
      if (file_.partial) forget_partial();
      note(bad_body(error, target));
    }
    if (surely_missing()) throw to_error(*told_missing_, attempts_);
    if (!cursor_.advance(may_try_again()) && !wait_online()) throw to_error(*told_, attempts_);
    if (cursor_.retry() > 0 || offline_tries_ > 0) co_await context_.waits.sleep(delay());
  }
}

void FetchJob::note(Failure failure) {
  last_ = std::move(failure);
  if (!told_ || tells_more(last_, *told_)) told_ = last_;
  const std::string& origin = targets_[cursor_.current()].origin;
  if (last_.verdict.kind == ErrorKind::NotFound) {
    lacking_.insert(origin);
    told_missing_ = last_;
  } else
    context_.server_failed(origin, last_);
  progressed_ = file_.partial && file_.partial->size() > furthest_;
  if (!progressed_) return;
  furthest_ = file_.partial->size();
  cursor_.made_progress();
}

/// Whether the mirror that has just failed may have another try. One that brought bytes is free.
bool FetchJob::may_try_again() {
  if (!may_pass(last_.verdict.recovery, context_.options.retry_all_errors)) return false;
  if (progressed_ || context_.spend_retry(targets_[cursor_.current()].origin)) return true;
  told_->hint = "more requests fail than succeed: try again later";
  return false;
}

bool FetchJob::surely_missing() const {
  if (!request_.optional || lacking_.empty()) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  return std::ranges::all_of(targets_, [&](const Target& target) {
    return lacking_.contains(target.origin) || context_.mirrors[target.origin].sidelined(now);
  });
}

/// A mirror that lacks what another one has is behind: that counts as a failure, too.
void FetchJob::credit(Response& response) {
  const SteadyTime now = std::chrono::steady_clock::now();
  const Target& target = targets_[cursor_.current()];
  response.mirror = target.shown;
  for (const auto& other : lacking_) context_.mirrors[other].failed(now);
  context_.server_succeeded(target.origin, response.body.size, now - started_);
}

/// No mirror can be reached: begin again with the first one, however often, if that is wanted.
bool FetchJob::wait_online() {
  if (!context_.options.wait_online || !is_offline(last_)) return false;
  if (offline_tries_++ == 0) log_info("no network: waiting for it ({})", last_.reason);
  cursor_.start_over();
  return true;
}

/// What a server asked for with Retry-After counts for all requests to it.
std::chrono::milliseconds FetchJob::quiet_time(const Target& target) const {
  const auto server = context_.mirrors.find(target.origin);
  if (server == context_.mirrors.end()) return {};
  return std::chrono::ceil<std::chrono::milliseconds>(server->second.quiet_until -
                                                      std::chrono::steady_clock::now());
}

std::chrono::milliseconds FetchJob::delay() {
  std::uniform_real_distribution<double> uniform(0, 1);
  return retry_delay(std::max(cursor_.retry(), offline_tries_), last_.retry_after,
                     uniform(context_.dice));
}

asio::awaitable<FetchJob::Outcome> FetchJob::attempt(const Target& first) {
  const std::chrono::milliseconds quiet = quiet_time(first);
  if (quiet.count() > 0) co_await context_.waits.sleep(quiet);
  Admission admission = co_await context_.queue.admit(request_.priority);
  const std::uint64_t most = context_.options.max_bytes;
  if (most != 0 && context_.stats.bytes_received >= most) throw quota_error(most);
  if (attempts_++ > 0) ++context_.stats.retries;
  started_ = std::chrono::steady_clock::now();
  co_return co_await ask(first, admission);
}

asio::awaitable<FetchJob::Outcome> FetchJob::ask(const Target& first, Admission& admission) {
  std::optional<Target> elsewhere;
  if (!request_.no_cache) elsewhere = context_.redirects.find(first, request_.path);
  bool learnt = elsewhere.has_value();
  for (int redirects = 0; redirects <= most_redirects;) {
    const Target& target = elsewhere ? *elsewhere : first;
    Exchange exchanged = co_await exchange(target, admission);
    if (is_redirect(exchanged.result)) {
      const std::string& location = exchanged.result.location;
      elsewhere = redirect_target(first, location);
      if (!elsewhere)
        co_return bad_redirect(first, "the server redirects to " + redact_url(location));
      ++redirects;
    } else if (exchanged.answer == ResumeAnswer::Refused && file_.partial) {
      forget_partial();
    } else if (!exchanged.body && learnt) {
      context_.redirects.forget(first, request_.path);
      learnt = false;
      elsewhere.reset();
    } else if (!renew_authorization(target, exchanged.result.head.status)) {
      if (exchanged.body) context_.redirects.learn(first, target, request_.path);
      co_return conclude(std::move(exchanged), target);
    }
  }
  co_return bad_redirect(first, fmt::format("more than {} redirects", most_redirects));
}

}  // namespace xylem::fetcher
