#include "pull/delta/part_runner.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "delta/apply/part_executor.hpp"
#include "pull/downloads/downloads.hpp"
#include "pull/downloads/holder_watch.hpp"
#include "repo/staging/space.hpp"
#include "task/offload.hpp"
#include "task/sleep.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

/// For all decoders together: one with the dictionary that libostree gives to parts (32 MiB), or
/// some smaller ones. With the spools and windows of those that are executed a pull stays below
/// 64 MiB above one without deltas.
constexpr std::uint64_t memory_for_decoders = 40 * mebibyte;
constexpr std::uint64_t largest_decoder = 34 * mebibyte;
/// No part takes less: what a part of a few bytes expands to is not known before.
constexpr std::uint64_t smallest_decoder = 12 * mebibyte;
/// How many times smaller than its payload a part is, of those that are not hostile.
constexpr std::uint64_t usual_ratio = 4;

constexpr milliseconds first_pause{2};
constexpr milliseconds longest_pause{100};

}  // namespace

std::uint64_t decoder_memory(std::uint64_t size) {
  if (size >= largest_decoder / usual_ratio) return largest_decoder;
  return std::max(usual_ratio * size + mebibyte, smallest_decoder);
}

PartRunner::PartRunner(const PullContext& context, DeltaFiles& files, bool shares)
    : context_(context),
      files_(files),
      shares_(shares),
      spool_{.dir = context.transaction.repo().tmp()},
      store_(context.transaction, spool_),
      decoders_(context.executor, memory_for_decoders),
      notice_(context.messages, context.transaction.repo()) {}

asio::awaitable<bool> PartRunner::run(const delta::DeltaBytes& delta, std::size_t index) {
  const delta::PartHeader& header = delta.superblock().parts[index];
  repo::Claim claimed;
  if (shares_ && !delta.inline_part(index)) claimed = co_await claim(header);
  if (co_await offload(context_.pool, [&] { return has_all(header); })) co_return false;
  const std::unique_ptr<delta::Spool> payload = co_await payload_of(delta, index);
  co_await offload(
      context_.pool,
      [&] {
        const CancelToken& cancel = context_.transaction.ingest().cancel_token();
        delta::execute_part(header, *payload, store_, cancel);
      },
      WorkPool::Length::Long);
  files_.drop_part(header);
  co_return true;
}

/// Waits while another pull has the part. Holds nothing if that pull does not get on. Polls, as
/// waiting for an object does.
asio::awaitable<repo::Claim> PartRunner::claim(const delta::PartHeader& header) {
  const object::ObjectName name{header.checksum, object::ObjectType::File};
  const repo::Claims& claims = context_.transaction.claims();
  const auto begin = HolderWatch::Clock::now();
  HolderWatch watch(holder_patience, begin);
  const auto progress = [&] {
    return downloaded_bytes(context_.transaction.repo().tmp(), part_download_name(header.checksum));
  };
  for (milliseconds wait = first_pause;; wait = std::min(wait * 2, longest_pause)) {
    if (auto claim = claims.try_claim(name)) co_return std::move(*claim);
    if (watch.is_stuck(progress, HolderWatch::Clock::now())) co_return repo::Claim();
    notice_.waiting_since(begin);
    co_await sleep_for(wait);
    if (context_.group.failed()) throw Error(ErrorKind::Cancelled, "The pull was stopped");
  }
}

asio::awaitable<std::unique_ptr<delta::Spool>> PartRunner::payload_of(
    const delta::DeltaBytes& delta, std::size_t index) {
  const delta::PartHeader& header = delta.superblock().parts[index];
  const MemoryGate::Lease lease = co_await decoders_.take(decoder_memory(header.size));
  delta::PartOptions options{.spool = spool_};
  const repo::Repo& repo = context_.transaction.repo();
  options.max_payload = repo::usable_bytes(repo.tmp(), repo.config().min_free_space);
  options.cancel = context_.transaction.ingest().cancel_token();
  const auto bytes = delta.inline_part(index);
  if (!bytes)
    co_return co_await files_.fetch_part(delta.superblock().name(), index, header, options);
  co_return co_await offload(
      context_.pool,
      [&] {
        MemorySource file(*bytes);
        return delta::read_part(file, header, options);
      },
      WorkPool::Length::Long);
}

bool PartRunner::has_all(const delta::PartHeader& header) {
  repo::Transaction& transaction = context_.transaction;
  return std::ranges::all_of(header.objects, [&](const object::ObjectName& name) {
    return transaction.has(name) || (transaction.has_peers() && transaction.take_from_peers(name));
  });
}

}  // namespace xylem::pull
