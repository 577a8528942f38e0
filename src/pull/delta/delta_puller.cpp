#include "pull/delta/delta_puller.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/saturating.hpp"
#include "delta/format/envelope.hpp"
#include "object/commit.hpp"
#include "repo/partial.hpp"
#include "task/dispatcher.hpp"
#include "task/offload.hpp"
#include "task/sleep.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;
using Code = PullMessage::Code;

namespace {

/// Superblocks that are fetched to choose one. More would cost more than they save.
constexpr std::size_t most_candidates = 2;
/// Parts that are fetched, decompressed or executed at once; their memory is bounded otherwise.
constexpr std::size_t part_width = 4;

std::string name_of(const DeltaTarget& target) {
  return fmt::format("{} to {}", target.ref.value_or(""), target.commit.hex());
}

/// The file here that a part reads from and that is to blame for the error, because it is not what
/// its name says. What the part makes itself never is.
std::optional<Checksum> damaged_source(const Error& error, const delta::PartHeader& part) {
  const std::string& object = error.details().object;
  const auto made = [&](const ObjectName& name) { return name.text() == object; };
  if (error.kind() != ErrorKind::Corrupt || std::ranges::any_of(part.objects, made))
    return std::nullopt;
  return Checksum::from_hex(object.substr(0, object.find('.')));
}

/// 0 for a commit that cannot be read: then it is no good source either.
std::uint64_t timestamp_of(const repo::Repo& repo, const Checksum& commit) try {
  return repo.load_commit(commit).timestamp;
} catch (const Error& error) {
  log_debug("Commit {}: {}", commit.hex(), error.what());
  return 0;
}

}  // namespace

DeltaPuller::DeltaPuller(const PullContext& context, DeltaFiles& files, RefIndex& index,
                         Settings settings, Callbacks callbacks)
    : context_(context),
      files_(files),
      offers_(files, index),
      settings_(std::move(settings)),
      callbacks_(std::move(callbacks)),
      parts_(context, files, settings_.shares) {}

void DeltaPuller::tell(Code code, std::string text, bool is_warning) const {
  log_debug("{}: {}", name(code), text);
  context_.messages.tell({.code = code, .text = std::move(text), .is_warning = is_warning});
}

bool DeltaPuller::is_required(const DeltaTarget& target) const {
  return settings_.require == repo::RequireDeltas::Always ||
         (settings_.require == repo::RequireDeltas::Upgrade && target.predecessor);
}

bool DeltaPuller::is_complete(const Checksum& commit) const {
  return repo::is_complete(context_.transaction.repo(), commit);
}

asio::awaitable<void> DeltaPuller::prepare(bool loads_summary) {
  co_await offers_.prepare(loads_summary);
  if (settings_.require == repo::RequireDeltas::Always && !offers_.lists_any())
    throw Error(ErrorKind::NotFound,
                "Fetch configured to require static deltas, but no summary deltas or delta index "
                "found")
        .hint("pull without --require-static-deltas, or have the server make deltas");
}

asio::awaitable<std::vector<DeltaOffer>> DeltaPuller::offers_to(DeltaTarget target) {
  const bool has_source = target.predecessor && is_complete(*target.predecessor);
  co_return co_await offers_.to(target.commit, has_source ? target.predecessor : std::nullopt);
}

/// Those that start from what is here: from what the ref has first, then from the newest commit.
/// One that starts from nothing brings all there is, so it is only asked for without others.
std::vector<DeltaOffer> DeltaPuller::likeliest(const DeltaTarget& target,
                                               std::vector<DeltaOffer> offers) const {
  std::erase_if(offers, [&](const DeltaOffer& offer) {
    return offer.name.from && !is_complete(*offer.name.from);
  });
  const auto rank = [&](const DeltaOffer& offer) {
    const auto& from = offer.name.from;
    const bool is_tip = from.has_value() && from == target.predecessor;
    const repo::Repo& repo = context_.transaction.repo();
    return std::pair(is_tip, from ? timestamp_of(repo, *from) : 0);
  };
  std::ranges::stable_sort(offers, std::greater(), rank);
  const auto from_nothing = std::ranges::remove_if(
      offers, [&](const DeltaOffer& offer) { return !offer.name.from && offer != offers.front(); });
  offers.erase(from_nothing.begin(), from_nothing.end());
  if (offers.size() > most_candidates) offers.resize(most_candidates);
  return offers;
}

asio::awaitable<std::vector<LoadedDelta>> DeltaPuller::load(DeltaTarget target,
                                                            std::vector<DeltaOffer> offers) {
  offers = co_await offload(context_.pool, [&] { return likeliest(target, std::move(offers)); });
  std::vector<LoadedDelta> deltas;
  for (const DeltaOffer& offer : offers) {
    auto delta = co_await try_load(target, offer);
    if (delta) deltas.push_back(std::move(*delta));
  }
  if (deltas.empty() && is_required(target))
    throw Error(ErrorKind::NotFound,
                fmt::format("Static deltas required, but none found for {}", name_of(target)))
        .hint("pull without --require-static-deltas: the objects are fetched one by one");
  co_return deltas;
}

/// nullopt for one that cannot be used; why is told, unless it was only guessed.
asio::awaitable<std::optional<LoadedDelta>> DeltaPuller::try_load(DeltaTarget target,
                                                                  DeltaOffer offer) {
  std::string reason = "the server does not have it";
  try {
    auto bytes = co_await files_.fetch_superblock(offer.name, offer.superblock);
    if (bytes) {
      auto parsed =
          co_await offload(context_.pool, [&] { return parse(offer.name, std::move(*bytes)); });
      co_return LoadedDelta{offer, std::move(parsed)};
    }
    if (!offer.superblock) co_return std::nullopt;
  } catch (Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    if (is_required(target)) throw Error(error.prefix("The delta " + offer.name.text()));
    reason = error.what();
  }
  const bool is_listed = offer.superblock || settings_.local != nullptr;
  tell(Code::DeltaUnusable, fmt::format("The delta {} is not used: {}", offer.name.text(), reason),
       is_listed);
  co_return std::nullopt;
}

std::shared_ptr<const delta::DeltaBytes> DeltaPuller::parse(const delta::DeltaName& name,
                                                            Bytes bytes) const {
  check_signatures(name, bytes);
  auto delta = std::make_shared<const delta::DeltaBytes>(std::move(bytes));
  require_name(delta->superblock(), name);
  return delta;
}

asio::awaitable<bool> DeltaPuller::mirror(DeltaMirror& mirror, DeltaOffer offer) {
  try {
    co_await mirror.keep(offer);
    co_return true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    tell(Code::DeltaUnusable,
         fmt::format("The delta {} is not mirrored: {}", offer.name.text(), error.what()), true);
  }
  co_return false;
}

/// A remote without keys can check nothing: then a signature is as good as none.
void DeltaPuller::check_signatures(const delta::DeltaName& name, ByteView bytes) const {
  const auto envelope = delta::parse_envelope(bytes);
  if (!envelope && settings_.only_signed)
    throw Error(ErrorKind::SignatureInvalid, "It is not signed")
        .hint("have the server sign its deltas (`static-delta generate --sign=KEY`)");
  if (!envelope) return;
  for (const sign::Report& report :
       settings_.signatures.require("The delta", envelope->superblock, envelope->signatures))
    log_info("Delta {}: {}", name.text(), report.decisive().text);
}

/// Where objects are linked from, a delta would only be more work, unless they are not there.
bool DeltaPuller::is_pointless(const LoadedDelta& delta) const {
  if (settings_.local == nullptr) return false;
  const object::Commit commit = object::parse_commit(delta.superblock().commit);
  return settings_.local->has({commit.root_tree, ObjectType::DirTree});
}

/// Several refs may lead to one commit: the later ones find its objects.
asio::awaitable<bool> DeltaPuller::bring(DeltaTarget target, std::vector<LoadedDelta> deltas,
                                         bool is_only_way) {
  while (busy_.contains(target.commit)) {
    co_await sleep_for(std::chrono::milliseconds(20));
    if (context_.group.failed()) throw Error(ErrorKind::Cancelled, "The pull was stopped");
  }
  busy_.insert(target.commit);
  const bool is_all = co_await bring_alone(target, std::move(deltas), is_only_way);
  busy_.erase(target.commit);  // if it throws instead, the whole pull ends
  co_return is_all;
}

asio::awaitable<bool> DeltaPuller::bring_alone(DeltaTarget target, std::vector<LoadedDelta> deltas,
                                               bool is_only_way) {
  if (deltas.empty()) co_return false;
  const bool is_needed = is_required(target) || is_only_way;
  bool forced = is_needed;
  if (!forced && is_pointless(deltas.front())) co_return false;
  forced |= settings_.local != nullptr;
  std::vector<MissingObjects> missing;
  for (const LoadedDelta& delta : deltas) {
    auto found = co_await offload(
        context_.pool, [&] { return find_missing(*delta.bytes, context_.transaction); },
        WorkPool::Length::Long);
    missing.push_back(std::move(found));
  }
  const auto chosen = choose(deltas, missing, forced);
  if (!chosen || !fits(deltas[*chosen], missing[*chosen], is_needed)) co_return false;
  co_await apply(target, deltas[*chosen], missing[*chosen]);
  co_return settings_.dry_run;
}

/// Before a part is asked for. One that does not fit is told of, and done without if possible.
bool DeltaPuller::fits(const LoadedDelta& delta, const MissingObjects& missing,
                       bool is_needed) const {
  std::uint64_t content = 0;
  for (const std::size_t part : missing.parts)
    content = saturating_sum(content, delta.superblock().parts[part].content_size);
  try {
    callbacks_.require_room(content);
    return true;
  } catch (const Error& error) {
    if (is_needed) throw;
    tell(Code::DeltaUnusable,
         fmt::format("The delta {} is not used: {}", delta.offer.name.text(), error.what()), true);
  }
  return false;
}

std::optional<std::size_t> DeltaPuller::choose(const std::vector<LoadedDelta>& deltas,
                                               const std::vector<MissingObjects>& missing,
                                               bool forced) const {
  std::vector<TransferCost> costs;
  for (std::size_t i = 0; i < deltas.size(); ++i)
    costs.push_back(delta_cost(*deltas[i].bytes, missing[i]));
  // The largest set of objects: another delta may start from more than is needed.
  const TransferCost loose = loose_cost(missing.front(), context_.sizes);
  const auto chosen = cheapest(costs, forced ? TransferCost{UINT64_MAX, UINT64_MAX} : loose);
  for (std::size_t i = 0; i < deltas.size(); ++i)
    tell(
        Code::DeltaPlan,
        fmt::format("Delta {}: {}, and the objects one by one: {}: {}", deltas[i].offer.name.text(),
                    describe(costs[i]), describe(loose), chosen == i ? "used" : "not used"),
        false);
  return chosen;
}

/// The fallbacks come beside the parts, like any other object.
asio::awaitable<void> DeltaPuller::apply(DeltaTarget target, LoadedDelta delta,
                                         MissingObjects missing) {
  Counters& counters = context_.counters;
  for (const std::size_t part : missing.parts) {
    const delta::PartHeader& header = delta.superblock().parts[part];
    ++counters.delta_parts_requested;
    counters.delta_bytes_requested += header.size;
    counters.delta_content_bytes += header.content_size;
  }
  for (const delta::Fallback& fallback : missing.fallbacks)
    callbacks_.want_file(fallback.object.checksum);
  if (settings_.dry_run) co_return;
  TaskGroup group(context_.executor);
  Dispatcher<std::size_t> dispatcher(
      group, part_width, [&](std::size_t part) { return run_part(target, delta, part); });
  for (const std::size_t part : missing.parts) dispatcher.push(part);
  co_await group.join();
}

asio::awaitable<void> DeltaPuller::run_part(const DeltaTarget& target, const LoadedDelta& delta,
                                            std::size_t index) {
  const delta::Superblock& superblock = delta.superblock();
  std::optional<Checksum> damaged;
  try {
    if (co_await parts_.run(*delta.bytes, index)) ++context_.counters.delta_parts_fetched;
    context_.counters.delta_bytes_done += superblock.parts[index].size;
    co_return;
  } catch (Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    error.prefix(fmt::format("Part {} of delta {}", index, delta.offer.name.text()));
    if (is_required(target)) throw;
    tell(Code::DeltaPartFailed, fmt::format("{}; its objects are fetched one by one", error.what()),
         true);
    damaged = damaged_source(error, superblock.parts[index]);
  }
  files_.drop_part(superblock.parts[index]);
  context_.counters.delta_bytes_done += superblock.parts[index].size;
  if (damaged && superblock.from) co_await restore_source(*superblock.from, *damaged);
}

/// The commit that the delta starts from is marked first, as it lacks a file from then on: so its
/// tree is no guide to what is here, and `fsck` knows of it if the file cannot be had.
asio::awaitable<void> DeltaPuller::restore_source(Checksum from, Checksum file) {
  repo::Transaction& transaction = context_.transaction;
  const ObjectName name{file, ObjectType::File};
  tell(Code::DeltaSourceDamaged,
       fmt::format("{} is damaged in this repository, and is fetched again", name.text()), true);
  co_await offload(context_.pool, [&] {
    repo::Repo& repo = transaction.repo();
    repo::mark_partial(repo, from, repo::CommitState::PartialByFsck, repo.config().fsync);
    transaction.remove_damaged(file);
  });
  try {
    co_await callbacks_.fetch_file(file);
    if (transaction.has(name)) transaction.mark_complete_on_commit(from);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    tell(Code::DeltaSourceDamaged,
         fmt::format("Commit {} is incomplete now: {}", from.hex(), error.what()), true);
  }
}

}  // namespace xylem::pull
