#include "pull/space_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "base/saturating.hpp"
#include "repo/staging/space.hpp"
#include "repo/staging/space_claim.hpp"
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

std::uint64_t block_size_of(const repo::Repo& repo) {
  return std::max<std::uint64_t>(os::space_left(repo.dir()).block_size, 1);
}

}  // namespace

SpacePlan::SpacePlan(const PullContext& context, const repo::Repo* source, bool is_shown)
    : context_(context),
      source_(source),
      block_size_(block_size_of(context.transaction.repo())),
      available_(repo::usable_bytes(context.transaction.repo().dir(),
                                    context.transaction.repo().config().min_free_space)),
      is_shown_(is_shown) {
  const repo::Repo& target = context.transaction.repo();
  if (source == nullptr || source->mode() != target.mode()) return;
  keepers_ = repo::keepers_of(target.store().dir());
  device_ = os::stat(target.store().dir()).st_dev;
}

void SpacePlan::add(const Checksum& file) {
  ++files_;
  const auto weight = weight_of(file);
  if (!weight) {
    ++unknown_;
    return;
  }
  known_.fetched = saturating_sum(known_.fetched, weight->fetched);
  known_.on_disk = saturating_sum(known_.on_disk, weight->on_disk);
  if (!keeps_archived()) largest_download_ = std::max(largest_download_, weight->fetched);
}

bool SpacePlan::keeps_archived() const {
  return context_.transaction.repo().mode() == repo::Mode::Archive;
}

std::uint64_t SpacePlan::in_blocks(std::uint64_t size) const {
  return saturating_sum(size, block_size_ - size % block_size_);
}

/// As StagingArea::link() decides: an object's mode is what its header wants.
bool SpacePlan::is_linked(const struct stat& file) const {
  return keepers_ && file.st_dev == device_ && repo::may_trust(file, *keepers_, file.st_mode);
}

std::optional<SpacePlan::Weight> SpacePlan::weight_in_source(const object::ObjectName& file) const {
  for (const repo::Repo* layer = source_; layer != nullptr; layer = layer->parent()) {
    const auto info = os::try_stat(layer->store().path(file));
    if (!info) continue;
    if (is_linked(*info)) return Weight{};
    const bool unpacks = layer->mode() == repo::Mode::Archive && !keeps_archived();
    const bool told = unpacks && context_.sizes.archived(file.checksum);
    const auto stored = layer->store().stored_size(file).value_or(0);
    return Weight{0, in_blocks(told ? context_.sizes.content_limit(file.checksum) : stored)};
  }
  return std::nullopt;
}

std::optional<SpacePlan::Weight> SpacePlan::weight_of(const Checksum& file) const {
  if (source_ != nullptr) {
    const bool matters = is_shown_ || !keepers_ || !surely_fits();
    return matters ? weight_in_source({file, object::ObjectType::File}) : Weight{};
  }
  const auto archived = context_.sizes.archived(file);
  if (!archived) return std::nullopt;
  const std::uint64_t size = keeps_archived() ? *archived : context_.sizes.content_limit(file);
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

/// What is told of the content before it is unpacked; an archive packs it again, nobody knows how
/// small.
std::uint64_t SpacePlan::likely_delta_weight(std::uint64_t content) const {
  return keeps_archived() ? 0 : content / 2;
}

void SpacePlan::throw_no_room(std::uint64_t needed, const std::string& what,
                              std::string_view basis) const {
  const std::string& path = context_.transaction.repo().path();
  ErrorDetails details;
  details.path = path;
  details.needed_bytes = needed;
  details.available_bytes = available_;
  details.hint = repo::how_to_free_space(path);
  throw Error(ErrorKind::NoSpace,
              fmt::format("The file system of {} is too small for this pull: {} need {} bytes "
                          "({}), and {} may be used",
                          path, what, needed, basis, available_),
              std::move(details));
}

void SpacePlan::require_room() const {
  const auto files = weight_of_files();
  if (!files) return;
  const std::uint64_t content = context_.counters.delta_content_bytes;
  const std::uint64_t likely = unknown_ > 0 ? files->on_disk / 2 : files->on_disk;
  if (saturating_sum(likely, likely_delta_weight(content)) <= available_) return;
  const std::string objects = fmt::format("{} objects", files_);
  throw_no_room(saturating_sum(files->on_disk, content),
                content == 0 ? objects : objects + " and those of static deltas",
                unknown_ > 0 ? "estimated from the objects that are here" : "as its source tells");
}

void SpacePlan::require_room_for_delta(std::uint64_t content) const {
  const std::uint64_t all = saturating_sum(context_.counters.delta_content_bytes, content);
  const auto files = weight_of_files().value_or(Weight{});
  const std::uint64_t likely = unknown_ > 0 ? files.on_disk / 2 : files.on_disk;
  if (saturating_sum(likely, likely_delta_weight(all)) > available_)
    throw_no_room(saturating_sum(files.on_disk, all), "the objects of a static delta",
                  "as it tells of itself");
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
