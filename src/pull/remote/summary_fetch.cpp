#include "pull/remote/summary_fetch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <tuple>

#include "base/log.hpp"
#include "base/test_error.hpp"
#include "object/summary.hpp"
#include "repo/disk/layout.hpp"
#include "task/sleep.hpp"
#include "task/when_all.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace layout = repo::layout;

namespace {

const char* path_of(SummaryPart part) {
  return part == SummaryPart::Signature ? layout::summary_signature : layout::summary;
}

/// How long an update takes, and how often that is waited for.
constexpr std::chrono::milliseconds update_time{1000};
constexpr unsigned most_waits = 5;
/// What `ostree` fails with on request.
void fail_on_request(bool cached) {
  if (cached && is_test_error("invalid-cache"))
    throw Error(ErrorKind::Corrupt, "OSTREE_REPO_TEST_ERROR_INVALID_CACHE");
}

bool passes_by_itself(ErrorKind kind) {
  return kind == ErrorKind::Corrupt || kind == ErrorKind::SignatureInvalid;
}

}  // namespace

SummaryFetch::SummaryFetch(RemoteFiles& files, SummaryCache cache, SummaryRules rules)
    : files_(files), cache_(std::move(cache)), rules_(std::move(rules)) {}

asio::awaitable<std::optional<SummaryFetch::Fresh>> SummaryFetch::fetch_part(
    SummaryPart part, std::optional<CachedFile> known, bool no_cache) {
  RemoteFiles::SmallRequest request{.path = path_of(part),
                                    .max_size = object::default_max_metadata_size,
                                    .no_cache = no_cache,
                                    .avoid = avoid_};
  if (known && !known->validators.empty()) request.unless_modified = known->validators;
  auto response = co_await files_.try_fetch(std::move(request));
  if (!response) co_return std::nullopt;
  Fresh fresh;
  fresh.mirror = response->mirror;
  fresh.story = response->cache_headers;
  if (response->not_modified) {
    fresh.file = std::move(*known);
    fresh.changed = false;
    co_return fresh;
  }
  fresh.file.bytes = take_bytes(files_.fetcher(), std::move(response->body));
  fresh.file.validators = response->validators;
  // A server without validators, or one that only touched the file.
  fresh.changed = !known || known->bytes != fresh.file.bytes ||
                  known->validators.etag != fresh.file.validators.etag;
  co_return fresh;
}

SummaryFetch::Round SummaryFetch::given_round() {
  Round round;
  round.summary.emplace().file.bytes = std::move(rules_.given->summary);
  if (rules_.given->signature)
    round.signature.emplace().file.bytes = std::move(*rules_.given->signature);
  return round;
}

/// A signature that is known is asked for first: while it is the same, so is the summary.
asio::awaitable<SummaryFetch::Round> SummaryFetch::fetch_both(bool no_cache) {
  const auto load = [&](SummaryPart part) { return no_cache ? std::nullopt : cache_.load(part); };
  Round round;
  auto summary = load(SummaryPart::Summary);
  if (!rules_.wants_signature) {
    round.summary = co_await fetch_part(SummaryPart::Summary, std::move(summary), no_cache);
    co_return round;
  }
  auto signature = load(SummaryPart::Signature);
  if (!summary || !signature) {
    auto fetched =
        co_await when_all(fetch_part(SummaryPart::Summary, std::move(summary), no_cache),
                          fetch_part(SummaryPart::Signature, std::move(signature), no_cache));
    std::tie(round.summary, round.signature) = std::move(fetched);
    co_return round;
  }
  round.signature = co_await fetch_part(SummaryPart::Signature, std::move(signature), no_cache);
  if (round.signature && !round.signature->changed)
    round.summary.emplace(Fresh{.file = std::move(*summary), .changed = false, .mirror = {}});
  else
    round.summary = co_await fetch_part(SummaryPart::Summary, std::move(summary), no_cache);
  co_return round;
}

std::optional<Error> SummaryFetch::problem_with(const Round& round) const {
  if (const auto denied = files_.denial(layout::summary); denied && !round.summary && rules_.check)
    return Error(*denied).prefix(fmt::format("No access to the summary of {}", files_.where()));
  if (!round.summary && rules_.check)
    return Error(ErrorKind::SignatureInvalid,
                 fmt::format("The summary of {} must be signed, but there is none", files_.where()))
        .hint(
            "check the remote's URL, or have the server run `xylem summary -u --gpg-sign=KEY-ID`");
  if (!round.summary) return std::nullopt;
  const Bytes& bytes = round.summary->file.bytes;
  try {
    if (files_.urls().summary) check_against(*files_.urls().summary, bytes);
    static_cast<void>(object::parse_summary(bytes));
    const Bytes* signature = round.signature ? &round.signature->file.bytes : nullptr;
    if (rules_.check) rules_.check(bytes, signature);
    return std::nullopt;
  } catch (const Error& error) {
    if (!passes_by_itself(error.kind())) throw;
    return explained(error, round);
  }
}

/// While a server is updated, its summary and its signature do not fit together for a moment, or,
/// where they are copied one by one, for longer.
Error SummaryFetch::explained(Error error, const Round& round) const {
  if (error.kind() == ErrorKind::Corrupt) {
    const std::string& story = round.summary->story;
    error.prefix(fmt::format("The summary of {} is damaged{}", files_.where(),
                             story.empty() ? "" : " (" + story + ")"));
    return error.hint("the URL may lead to a web page or a login portal instead of a repository");
  }
  if (!round.signature) return error;
  const std::string& summary_date = round.summary->file.validators.last_modified;
  const std::string& signature_date = round.signature->file.validators.last_modified;
  std::string hint = fmt::format(
      "if an update of the server is under way, try again in a minute; {}", error.details().hint);
  if (!summary_date.empty() && !signature_date.empty() && summary_date != signature_date)
    error = Error(error.kind(),
                  fmt::format("{} (the summary is of {}, its signature of {})", error.what(),
                              summary_date, signature_date),
                  error.details());
  error.details().hint = std::move(hint);
  return error;
}

void SummaryFetch::keep(const Round& round) const {
  if (!round.summary) return;
  const bool new_signature = round.signature && round.signature->changed;
  if (!round.summary->changed && !new_signature) return;
  std::optional<CachedFile> signature;
  if (round.signature) signature = round.signature->file;
  cache_.store(round.summary->file, signature);
}

repo::SummaryFiles SummaryFetch::files_of(Round round) {
  repo::SummaryFiles files{std::move(round.summary->file.bytes), std::nullopt};
  if (round.signature) files.signature = std::move(round.signature->file.bytes);
  return files;
}

// Rounds: first what is not known is asked for; then, if that does not fit together, all past
// caches; then other mirrors. A server whose files change from one round to the next is being
// updated: it is asked again after a while.
asio::awaitable<std::optional<repo::SummaryFiles>> SummaryFetch::run() {
  if (rules_.given) {
    Round round = given_round();
    if (const auto problem = problem_with(round)) throw Error(*problem);
    co_return files_of(std::move(round));
  }
  std::optional<Round> before;
  unsigned waits = 0;
  for (bool no_cache = false;; no_cache = true) {
    Round round = co_await fetch_both(no_cache);
    const auto problem = problem_with(round);
    if (!problem) {
      keep(round);
      if (!round.summary) co_return std::nullopt;
      co_return files_of(std::move(round));
    }
    if (!round.summary) throw Error(*problem);
    fail_on_request(!round.summary->changed);
    log_info("{}: asking again", problem->what());
    if (no_cache && before && is_news(round, *before) && waits++ < most_waits) {
      co_await sleep_for(update_time);
    } else if (no_cache) {
      avoid_.push_back(round.summary->mirror);
      if (avoid_.size() >= files_.urls().metadata.size()) throw Error(*problem);
    }
    before = std::move(round);
  }
}

/// Whether another version of either file came.
bool SummaryFetch::is_news(const Round& round, const Round& before) {
  const auto bytes = [](const std::optional<Fresh>& file) {
    return file ? file->file.bytes : Bytes();
  };
  return bytes(round.summary) != bytes(before.summary) ||
         bytes(round.signature) != bytes(before.signature);
}

}  // namespace xylem::pull
