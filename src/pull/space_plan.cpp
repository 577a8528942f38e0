#include "pull/space_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "base/saturating.hpp"
#include "repo/ingest/space.hpp"
#include "repo/ingest/space_claim.hpp"
#include "xylem/error.hpp"

namespace xylem {

const char* name(PullPlan::Basis basis) noexcept {
  switch (basis) {
    case PullPlan::Basis::Sizes:
      return "sizes";
    case PullPlan::Basis::Delta:
      return "delta";
    case PullPlan::Basis::Estimate:
      return "estimate";
    case PullPlan::Basis::Unknown:
      return "unknown";
  }
  return "";
}

}  // namespace xylem

namespace xylem::pull {

namespace {

/// With so much room, and more than the commits tell that all of their objects take, a plan need
/// not be waited for: it comes while content is fetched.
constexpr std::uint64_t ample = std::uint64_t{4} << 30;

/// Bare modes link from each other where owner and file system are the same.
bool can_link(const repo::Repo& from, const repo::Repo& to) {
  const struct stat theirs = os::stat(from.store().dir());
  const struct stat ours = os::stat(to.store().dir());
  return from.mode() == to.mode() && theirs.st_dev == ours.st_dev && theirs.st_uid == ours.st_uid;
}

std::uint64_t block_size_of(const repo::Repo& repo) {
  return std::max<std::uint64_t>(os::space_left(repo.dir()).block_size, 1);
}

}  // namespace

SpacePlan::SpacePlan(const PullContext& context, const repo::Repo* source)
    : context_(context),
      source_(source),
      block_size_(block_size_of(context.transaction.repo())),
      available_(repo::usable_bytes(context.transaction.repo().dir(),
                                    context.transaction.repo().config().min_free_space)),
      links_(source != nullptr && can_link(*source, context.transaction.repo())) {}

void SpacePlan::add(const Checksum& file) {
  ++files_;
  const auto weight = weight_of(file);
  if (!weight) {
    ++unknown_;
    return;
  }
  known_.fetched = saturating_sum(known_.fetched, weight->fetched);
  known_.on_disk = saturating_sum(known_.on_disk, weight->on_disk);
  const bool archived = context_.transaction.repo().mode() == repo::Mode::Archive;
  if (!archived) largest_download_ = std::max(largest_download_, weight->fetched);
}

std::uint64_t SpacePlan::in_blocks(std::uint64_t size) const {
  return saturating_sum(size, block_size_ - size % block_size_);
}

std::optional<SpacePlan::Weight> SpacePlan::weight_of(const Checksum& file) const {
  if (source_ != nullptr) {
    if (links_) return Weight{};
    const auto stored = source_->store().stored_size({file, object::ObjectType::File});
    return stored ? std::optional(Weight{0, in_blocks(*stored)}) : std::nullopt;
  }
  const auto archived = context_.sizes.archived(file);
  if (!archived) return std::nullopt;
  const bool keeps_archived = context_.transaction.repo().mode() == repo::Mode::Archive;
  const std::uint64_t size = keeps_archived ? *archived : context_.sizes.content_limit(file);
  return Weight{*archived, in_blocks(size)};
}

std::optional<SpacePlan::Weight> SpacePlan::weight_of_files() const {
  const auto rest = unknown_ > 0 ? estimate_of_rest() : Weight{};
  if (!rest) return std::nullopt;
  return Weight{saturating_sum(known_.fetched, rest->fetched),
                saturating_sum(saturating_sum(known_.on_disk, rest->on_disk), largest_download_)};
}

std::optional<SpacePlan::Weight> SpacePlan::estimate_of_rest() const {
  const auto mean = mean_weight(context_.transaction.repo());
  if (!mean) return std::nullopt;
  return Weight{source_ != nullptr ? 0 : unknown_ * *mean, unknown_ * in_blocks(*mean)};
}

bool SpacePlan::surely_fits() const {
  const std::uint64_t all = context_.sizes.all_unpacked();
  return available_ >= ample && available_ / 2 >= all;
}

PullPlan::Basis SpacePlan::basis() const {
  using Basis = PullPlan::Basis;
  if (unknown_ > 0) return Basis::Estimate;
  return context_.counters.delta_parts_requested > 0 ? Basis::Delta : Basis::Sizes;
}

PullPlan SpacePlan::plan() const {
  const Counters& counters = context_.counters;
  PullPlan plan;
  plan.metadata_objects = counters.metadata_requested;
  plan.content_objects = files_;
  plan.bytes_available = available_;
  const auto files = weight_of_files();
  if (!files) return plan;
  plan.basis = basis();
  plan.bytes_to_fetch = saturating_sum(files->fetched, counters.delta_bytes_requested);
  plan.bytes_on_disk = saturating_sum(files->on_disk, counters.delta_content_bytes);
  return plan;
}

void SpacePlan::require_room() const {
  const auto files = weight_of_files();
  if (!files) return;
  const bool estimated = unknown_ > 0;
  if ((estimated ? files->on_disk / 2 : files->on_disk) <= available_) return;
  const std::string& path = context_.transaction.repo().path();
  ErrorDetails details;
  details.path = path;
  details.needed_bytes = files->on_disk;
  details.available_bytes = available_;
  details.hint = repo::how_to_free_space(path);
  throw Error(
      ErrorKind::NoSpace,
      fmt::format("The file system of {} is too small for this pull: {} objects need {} "
                  "bytes ({}), and {} may be used",
                  path, files_, files->on_disk,
                  estimated ? "estimated from the objects that are here" : "as its source tells",
                  available_),
      std::move(details));
}

std::optional<std::uint64_t> mean_weight(const repo::Repo& repo) {
  constexpr std::size_t enough = 512;
  constexpr std::size_t too_few = 8;
  constexpr std::size_t most_names = 1 << 16;
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (std::size_t prefix = 0; prefix < repo::layout::prefixes && count < enough; ++prefix) {
    const auto objects = repo.store().list(static_cast<std::uint8_t>(prefix), most_names);
    if (!objects) continue;
    for (const object::ObjectName& name : *objects) {
      if (name.type != object::ObjectType::File) continue;
      bytes += repo.store().stored_size(name).value_or(0);
      ++count;
    }
  }
  return count < too_few ? std::nullopt : std::optional(bytes / count);
}

}  // namespace xylem::pull
