#include "fetcher/fetch_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "fetcher/download/download_name.hpp"
#include "fetcher/fetch_targets.hpp"
#include "fetcher/policy/retry_policy.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

constexpr int most_redirects = 8;

/// So often a file is asked for again at no cost because its server is busy; then it is taken for
/// the file's own trouble.
constexpr unsigned most_free_tries = 10;
/// The longest of the growing waits between these: the server's own pause counts, too.
constexpr unsigned longest_free_wait = 5;

/// The names of the logins are apart from each other: that of a proxy has no scheme.
std::string login_at(const Target& target, const std::string& token) {
  return target.user.empty() && token.empty() ? "" : target.origin;
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
      file_{.directory = context.directory,
            .name = {},
            .never_page = request_.never_page,
            .watcher = request_.watcher},
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
  const auto& take_over = context_.options.take_over;
  if (file_.keep && take_over && take_over(request_.resume_name))
    file_.directory.expect(request_.resume_name);
  file_.name = file_.keep ? request_.resume_name : file_.directory.next_anonymous_name();
}

/// The whole body, if an earlier fetch left it in the download directory.
std::optional<Response> FetchJob::take_finished() {
  if (!file_.keep) return std::nullopt;
  // Of what may change nobody knows how old that is.
  if (request_.no_cache || (request_.may_change && file_.directory.has_finished(file_.name)))
    file_.forget();
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
    if (surely_missing()) throw final_error(as_missing(*failures_.missing()));
    if (!cursor_.advance(may_try_again(progressed)) && !wait_online())
      throw final_error(failures_.best());
    ranges_.failed(progressed, failures_.last().of_host, is_last_chance());
    tell(failed);
    if (const unsigned retry = number_of_retry(); retry > 0)
      co_await context_.waits.sleep(context_.mirrors.delay(retry, failures_.last().retry_after));
  }
}

/// What is left of a file that is not there is of no use to anybody.
Error FetchJob::final_error(Failure failure) {
  if (failure.verdict.kind == ErrorKind::NotFound && file_.keep) file_.forget();
  return to_error(failure, attempts_.count);
}

void FetchJob::note_failure(Failure failure) {
  const std::string& origin = mirror().origin;
  AdaptiveQueue& queue = context_.queue;
  // What cannot be inflated may not be compressed, whatever its server says.
  if (failure.verdict.kind == ErrorKind::Corrupt) request_.compressed = false;
  if (failure.is_page) request_.no_cache = true;  // A cache on the way may have kept the page.
  if (!may_be_missing(failure)) context_.mirrors.failed(origin, failure.retry_after);
  if (failure.of_host) {
    if (context_.mirrors.turned_away(origin, started_, queue.narrowest())) queue.pushed_back();
  } else if (is_pushback(failure)) {
    queue.pushed_back();
  }
  failures_.add(std::move(failure), origin);
}

void FetchJob::tell(const Target& failed) const {
  if (!context_.options.on_event) return;
  const bool same = &failed == &mirror();
  context_.options.on_event(
      {failed.shown, failures_.last().reason, same ? "" : mirror().shown, attempts_.count});
}

/// Whether the last attempt got further than all before it.
bool FetchJob::note_progress() {
  if (!file_.partial || file_.partial->size() <= attempts_.furthest) return false;
  attempts_.furthest = file_.partial->size();
  cursor_.made_progress();
  return true;
}

/// Whether the mirror that has just failed may have another attempt. One that made progress is
/// free.
bool FetchJob::may_try_again(bool progressed) {
  if (!may_pass(failures_.last().verdict.recovery, context_.options.retry_all_errors)) return false;
  if (progressed) return true;
  if (failures_.last().of_host && attempts_.turned_away < most_free_tries)
    return host_may_recover();
  if (context_.mirrors.spend_retry(mirror().origin)) return true;
  failures_.set_hint("more requests fail than succeed: try again later");
  return false;
}

/// A busy server is waited for as long as it serves somebody; the tries count for all its files
/// together, and only while it serves none.
bool FetchJob::host_may_recover() {
  if (context_.mirrors.refusals(mirror().origin) > context_.options.retries) return false;
  ++attempts_.turned_away;
  cursor_.made_progress();
  return true;
}

/// Whether the server, if it goes on like this, gets one more request. A network that is waited for
/// gets as many as it takes.
bool FetchJob::is_last_chance() const {
  if (context_.options.wait_online) return false;
  constexpr unsigned fewest = 2;
  return context_.mirrors.refusals(mirror().origin) >= std::max(context_.options.retries, fewest);
}

/// Of the attempt that comes next; 0 if it is the first one at its mirror.
unsigned FetchJob::number_of_retry() const {
  const unsigned free = std::min(attempts_.turned_away, longest_free_wait);
  return std::max(cursor_.retry() > 0 ? std::max(cursor_.retry(), free) : 0, attempts_.offline);
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
  if (attempts_.offline++ == 0)
    log_info("No network: waiting for it ({})", failures_.last().reason);
  cursor_.start_over();
  return true;
}

// One attempt at the current mirror. It waits out a pause of this server before it takes a place in
// the queue, so that others are not held up meanwhile. The limit on bytes is checked after the
// queue: it may have been reached during the wait. A body that is too large or damaged is a failure
// of this mirror, and its partial file is of no use to the next; other errors are ours and end the
// fetch.
asio::awaitable<Outcome> FetchJob::attempt() {
  try {
    Admission admission = co_await admit();
    context_.traffic.check_limit();
    if (attempts_.count++ > 0) context_.traffic.count_retry();
    started_ = std::chrono::steady_clock::now();
    co_return co_await follow_redirects(mirror(), admission);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Corrupt) throw with_attempts(error, mirror(), attempts_.count);
    if (file_.partial) file_.forget();
    co_return bad_body(error, mirror());
  }
}

/// The mirror of the next attempt. A fetch may have waited for long before its first one: that goes
/// to the mirror that is best by now.
const Target& FetchJob::choose_mirror() {
  if (attempts_.count == 0) put_in_order(targets_, context_.mirrors);
  return mirror();
}

asio::awaitable<Admission> FetchJob::admit() {
  const Mirrors& mirrors = context_.mirrors;
  for (auto quiet = mirrors.quiet_time(choose_mirror().origin); quiet.count() > 0;
       quiet = mirrors.quiet_time(choose_mirror().origin))
    co_await context_.waits.sleep(quiet);
  Admission admission = co_await context_.queue.admit(request_.priority);
  const auto wait = context_.mirrors.take_turn(choose_mirror().origin);
  if (wait.count() > 0) co_await context_.waits.sleep(wait);
  co_return admission;
}

// One exchange, with logins that were not refused before. A request that a server turned away
// because of its range is told as such by the exchange, and no word on the login.
asio::awaitable<std::optional<Failure>> FetchJob::exchange(std::optional<Exchange>& exchange,
                                                           const Target& target,
                                                           Admission& admission) {
  LoginTry at_proxy(context_.logins, context_.proxy_login);
  if (auto refused = co_await at_proxy.enter()) co_return refused;
  LoginTry at_server(context_.logins, login_at(target, context_.routes.token(target)));
  if (auto refused = co_await at_server.enter()) co_return refused;
  exchange.emplace(context_, request_, file_, target, ranges_.extent());
  ranges_.asks(exchange->asked_for_range());
  co_await exchange->run(admission.share,
                         {.attempt = attempts_.count, .mirror = cursor_.current()});
  if (exchange->refused_by_proxy()) {
    at_proxy.refused(exchange->failure());
  } else if (exchange->answered()) {
    at_proxy.accepted();
    if (!exchange->unauthorized()) at_server.accepted();
    if (exchange->unauthorized() && !renew_token(*exchange, target))
      at_server.refused(exchange->failure());
  }
  co_return std::nullopt;
}

// The exchanges of one attempt. It starts where an earlier redirect of the same prefix led, unless
// caches are to be bypassed. Each answer is judged in this order: a redirect is followed, up to
// eight of them. A refused token is renewed once in a fetch. An answer that does not continue the
// partial file costs that file, and the same target is asked for the whole body; a server that
// turns a range down is asked for the whole, too, but costs nothing yet. A learned redirect that
// brought no body is forgotten, and the original URL is asked. Any other answer is final, and one
// with a body confirms the way that led to it. Only redirects need a bound: the other repeats
// happen once each, since the file, the range, the learned redirect and the renewal are used up.
asio::awaitable<Outcome> FetchJob::follow_redirects(const Target& first, Admission& admission) {
  std::optional<Target> elsewhere;
  if (!request_.no_cache) elsewhere = context_.routes.redirect(first, request_.path);
  bool learned = elsewhere.has_value();
  for (int redirects = 0; redirects <= most_redirects;) {
    const Target target = elsewhere ? *elsewhere : first;
    std::optional<Exchange> answer;
    if (auto refused = co_await exchange(answer, target, admission)) co_return std::move(*refused);
    if (const std::string location = answer->location(); !location.empty()) {
      elsewhere = redirect_target(first, location);
      if (!elsewhere)
        co_return bad_redirect(first, "the server redirects to " + redact_url(location));
      ++redirects;
    } else if (std::exchange(attempts_.new_token_waiting, false)) {
      continue;
    } else if (answer->refused_range() && file_.partial) {
      file_.forget();
    } else if (answer->turned_down_range()) {
      ranges_.turned_down();
    } else if (!answer->has_body() && learned) {
      context_.routes.forget_redirect(first, request_.path);
      learned = false;
      elsewhere.reset();
    } else {
      if (answer->has_body()) context_.routes.learn_redirect(first, target, request_.path);
      co_return answer->outcome();
    }
  }
  co_return bad_redirect(first, fmt::format("more than {} redirects", most_redirects));
}

bool FetchJob::renew_token(const Exchange& exchange, const Target& target) {
  if (!exchange.unauthorized() || !target.trusted || attempts_.token_renewed) return false;
  attempts_.token_renewed = true;
  attempts_.new_token_waiting = context_.routes.renew_token(target, exchange.token());
  return attempts_.new_token_waiting;
}

}  // namespace xylem::fetcher
