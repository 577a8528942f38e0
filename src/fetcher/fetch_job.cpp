#include "fetcher/fetch_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "fetcher/download/download_name.hpp"
#include "fetcher/fetch_targets.hpp"
#include "fetcher/policy/retry_policy.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr int most_redirects = 8;

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

/// Adds what the place that failed does not know.
Error with_attempts(Error error, const Target& target, int attempts) {
  ErrorDetails& details = error.details();
  if (details.url.empty()) details.url = target.shown;
  details.attempts = attempts;
  return error;
}

}  // namespace

FetchJob::FetchJob(FetchContext& context, Request request)
    : context_(context),
      request_(std::move(request)),
      targets_(targets_of(request_, context.routes, context.mirrors)),
      file_{.directory = context.directory, .name = {}, .watcher = request_.watcher},
      cursor_(targets_.size(), context.options.retries) {
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

/// The whole body, if an earlier fetch left it in the download directory.
std::optional<Response> FetchJob::take_finished() {
  if (!file_.keep) return std::nullopt;
  if (request_.no_cache) file_.forget();
  const auto size = file_.directory.take_finished(file_.name);
  if (!size) return std::nullopt;
  if (request_.max_size != 0 && *size > request_.max_size) {
    file_.forget();
    return std::nullopt;
  }
  context_.traffic.count_resumed(*size);
  const std::string& url = targets_.front().shown;
  return Response{.body = {.file_name = file_.name, .size = *size}, .url = url, .mirror = url};
}

// One fetch. A body that is on disk already needs no server. Otherwise attempts follow one another
// until one of them brings the body or none is left. A failure is recorded first, because the
// health of its server decides what comes next. Then, in this order: if the file is optional and no
// mirror is left that might have it, the fetch ends, however many retries remain. Else the cursor
// moves to the next mirror, or back to one that may recover. If it has none left but the network is
// down, and the caller wants to wait for it, all mirrors begin anew. The first attempt at a mirror
// starts at once; only repeated ones wait.
asio::awaitable<Response> FetchJob::run() {
  if (auto found = take_finished()) co_return std::move(*found);
  for (;;) {
    Outcome outcome = co_await attempt();
    if (auto* response = std::get_if<Response>(&outcome)) {
      note_success(*response);
      co_return std::move(*response);
    }
    note_failure(std::get<Failure>(std::move(outcome)));
    const bool progressed = note_progress();
    const Target& failed = mirror();
    if (surely_missing()) throw to_error(*failures_.missing(), attempts_);
    if (!cursor_.advance(may_try_again(progressed)) && !wait_online())
      throw to_error(failures_.best(), attempts_);
    tell(failed);
    const unsigned retry = std::max(cursor_.retry(), offline_tries_);
    if (retry > 0)
      co_await context_.waits.sleep(context_.mirrors.delay(retry, failures_.last().retry_after));
  }
}

void FetchJob::note_failure(Failure failure) {
  const std::string& origin = mirror().origin;
  if (failure.verdict.kind != ErrorKind::NotFound) {
    context_.mirrors.failed(origin, failure.retry_after);
    if (is_pushback(failure)) context_.queue.pushed_back();
  }
  failures_.add(std::move(failure), origin);
}

void FetchJob::tell(const Target& failed) const {
  if (!context_.options.on_event) return;
  const bool same = &failed == &mirror();
  context_.options.on_event(
      {failed.shown, failures_.last().reason, same ? "" : mirror().shown, attempts_});
}

/// Whether the last attempt got further than all before it.
bool FetchJob::note_progress() {
  if (!file_.partial || file_.partial->size() <= furthest_) return false;
  furthest_ = file_.partial->size();
  cursor_.made_progress();
  return true;
}

/// Whether the mirror that has just failed may have another attempt. One that made progress is
/// free.
bool FetchJob::may_try_again(bool progressed) {
  if (!may_pass(failures_.last().verdict.recovery, context_.options.retry_all_errors)) return false;
  if (progressed || context_.mirrors.spend_retry(mirror().origin)) return true;
  failures_.set_hint("more requests fail than succeed: try again later");
  return false;
}

/// Whether each mirror lacks the file or has just failed, and one at least lacks it.
bool FetchJob::surely_missing() const {
  const auto& lacking = failures_.lacking();
  if (!request_.optional || lacking.empty()) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  return std::ranges::all_of(targets_, [&](const Target& target) {
    return lacking.contains(target.origin) || context_.mirrors.health(target.origin).sidelined(now);
  });
}

/// A mirror that lacks what another one has is behind: that counts as a failure, too.
void FetchJob::note_success(Response& response) {
  const Target& target = mirror();
  response.mirror = target.shown;
  for (const auto& other : failures_.lacking()) context_.mirrors.failed(other);
  context_.mirrors.succeeded(target.origin, response.body.size,
                             std::chrono::steady_clock::now() - started_);
}

/// No mirror can be reached: begin again with the first one, however often, if that is wanted.
bool FetchJob::wait_online() {
  if (!context_.options.wait_online || !is_offline(failures_.last())) return false;
  if (offline_tries_++ == 0) log_info("No network: waiting for it ({})", failures_.last().reason);
  cursor_.start_over();
  return true;
}

// One attempt at the current mirror. It waits out a Retry-After that any request to this server has
// received before it takes a place in the queue, so that others are not held up meanwhile. The
// limit on bytes is checked after the queue: it may have been reached during the wait. A body that
// is too large or damaged is a failure of this mirror, and its partial file is of no use to the
// next; other errors are ours and end the fetch.
asio::awaitable<Outcome> FetchJob::attempt() {
  const Target& target = mirror();
  try {
    const auto quiet = context_.mirrors.quiet_time(target.origin);
    if (quiet.count() > 0) co_await context_.waits.sleep(quiet);
    Admission admission = co_await context_.queue.admit(request_.priority);
    context_.traffic.check_limit();
    if (attempts_++ > 0) context_.traffic.count_retry();
    started_ = std::chrono::steady_clock::now();
    co_return co_await follow_redirects(target, admission);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Corrupt) throw with_attempts(error, target, attempts_);
    if (file_.partial) file_.forget();
    co_return bad_body(error, target);
  }
}

// The exchanges of one attempt. It starts where an earlier redirect of the same prefix led, unless
// caches are to be bypassed. Each answer is judged in this order: a redirect is followed, up to
// eight of them. An answer that does not continue the partial file costs that file, and the same
// target is asked for the whole body. A learned redirect that brought no body is forgotten, and the
// original URL is asked. A refused token is renewed once in a fetch. Any other answer is final, and
// one with a body confirms the way that led to it. Only redirects need a bound: the other repeats
// happen once each, since the file, the learned redirect and the renewal are used up by them.
asio::awaitable<Outcome> FetchJob::follow_redirects(const Target& first, Admission& admission) {
  std::optional<Target> elsewhere;
  if (!request_.no_cache) elsewhere = context_.routes.redirect(first, request_.path);
  bool learned = elsewhere.has_value();
  for (int redirects = 0; redirects <= most_redirects;) {
    const Target& target = elsewhere ? *elsewhere : first;
    Exchange exchange(context_, request_, file_, target);
    co_await exchange.run(admission.share, {.attempt = attempts_, .mirror = cursor_.current()});
    if (const std::string location = exchange.location(); !location.empty()) {
      elsewhere = redirect_target(first, location);
      if (!elsewhere)
        co_return bad_redirect(first, "the server redirects to " + redact_url(location));
      ++redirects;
    } else if (exchange.refused_range() && file_.partial) {
      file_.forget();
    } else if (!exchange.has_body() && learned) {
      context_.routes.forget_redirect(first, request_.path);
      learned = false;
      elsewhere.reset();
    } else if (!renew_token(exchange, target)) {
      if (exchange.has_body()) context_.routes.learn_redirect(first, target, request_.path);
      co_return exchange.outcome();
    }
  }
  co_return bad_redirect(first, fmt::format("more than {} redirects", most_redirects));
}

bool FetchJob::renew_token(const Exchange& exchange, const Target& target) {
  if (!exchange.unauthorized() || !target.trusted || renewed_) return false;
  renewed_ = true;
  return context_.routes.renew_token(target, exchange.token());
}

}  // namespace xylem::fetcher
