#include "pull/source/shared_source.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "fetcher/fetcher.hpp"
#include "pull/downloads/downloads.hpp"
#include "pull/downloads/holder_watch.hpp"
#include "task/offload.hpp"
#include "task/sleep.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds shortest_wait{2};
constexpr milliseconds longest_wait{100};

}  // namespace

void SharedSource::stop() {
  stopped_ = true;
  inner_->stop();
}

// How pulls share an object. A free claim makes it ours, and one more look tells whether somebody
// has just finished it. A taken claim means that somebody fetches it: metadata is waited for in
// place, files in a task of their own, which keeps the width free. When the claim is free again,
// the object is here, or its owner died and we continue that download. A stuck owner is not waited
// for.
/// Claims first: what nobody has then is ours to fetch. Without peers there is nowhere to look.
asio::awaitable<SharedSource::Turn> SharedSource::try_turn(ObjectName name) {
  if (context_.transaction.has_peers())
    co_return co_await offload(context_.pool, [&] { return claim_or_take(name); });
  auto claim = context_.transaction.claims().try_claim(name);
  if (!claim) co_return Turn{};
  co_return Turn{Turn::State::Ours, std::move(*claim)};
}

SharedSource::Turn SharedSource::claim_or_take(const ObjectName& name) {
  repo::Transaction& transaction = context_.transaction;
  auto claim = transaction.claims().try_claim(name);
  if (!claim) return {};
  if (transaction.has(name) || transaction.take_from_peers(name)) return {Turn::State::Here};
  return {Turn::State::Ours, std::move(*claim)};
}

/// One holder that is stuck may have claimed everything: it is waited for once, and then only
/// looked at until a holder delivers again. Polls: that a claim is free again can only be waited
/// for by a blocked thread. Asking costs one call of the system, and the waits grow.
asio::awaitable<SharedSource::Turn> SharedSource::wait_for_turn(ObjectName name) {
  log_debug("Waiting for the pull that fetches {}", name.text());
  const auto begin = HolderWatch::Clock::now();
  HolderWatch watch(holder_patience, begin);
  const auto progress = [&] {
    return downloaded_bytes(context_.transaction.repo().tmp(), download_name(name));
  };
  if (out_of_patience_) co_return Turn{Turn::State::Ours};
  for (milliseconds wait = shortest_wait;; wait = std::min(wait * 2, longest_wait)) {
    notice_.waiting_since(begin);
    co_await sleep_for(wait);
    if (stopped_) throw Error(ErrorKind::Cancelled, "The pull was stopped");
    if (!context_.transaction.claims().is_claimed(name)) {
      Turn turn = co_await try_turn(name);
      if (turn.state == Turn::State::Ours) take_over(name);
      if (turn.state != Turn::State::Busy) {
        out_of_patience_ = false;
        co_return turn;
      }
    } else if (out_of_patience_ || watch.is_stuck(progress, HolderWatch::Clock::now())) {
      out_of_patience_ = true;
      co_return Turn{Turn::State::Ours};
    }
  }
}

asio::awaitable<Bytes> SharedSource::take_metadata(ObjectName name) {
  Turn turn = co_await try_turn(name);
  if (turn.state == Turn::State::Busy) turn = co_await wait_for_turn(name);
  if (turn.state == Turn::State::Here) {
    auto bytes = co_await offload(context_.pool,
                                  [&] { return context_.transaction.try_load_metadata(name); });
    if (bytes) {
      ++context_.counters.metadata_imported;
      co_return std::move(*bytes);
    }
  }
  co_return co_await inner_->take_metadata(name);
}

asio::awaitable<void> SharedSource::take_content(Checksum checksum) {
  const ObjectName name{checksum, ObjectType::File};
  Turn turn = co_await try_turn(name);
  if (turn.state == Turn::State::Busy) {
    context_.group.spawn(take_content_later(checksum));
    co_return;
  }
  if (turn.state == Turn::State::Ours && downloads_.is_abandoned(download_name(name)))
    take_over(name);
  co_await finish_content(std::move(turn), checksum);
}

/// Whoever had it before may have died, and left a part of the download.
void SharedSource::take_over(const ObjectName& name) {
  const std::string download = download_name(name);
  if (downloads_.take_over(download)) fetcher_.expect_download(download);
}

asio::awaitable<void> SharedSource::take_content_later(Checksum checksum) {
  const ObjectName name{checksum, ObjectType::File};
  Turn turn = co_await wait_for_turn(name);
  co_await finish_content(std::move(turn), checksum);
}

asio::awaitable<void> SharedSource::finish_content(Turn turn, Checksum checksum) {
  if (turn.state == Turn::State::Here)
    context_.count_imported(checksum);
  else
    co_await inner_->take_content(checksum);
}

}  // namespace xylem::pull
