#include "pull/content_queue.hpp"

#include <utility>

#include "fetcher/fetcher.hpp"

namespace xylem::pull {

namespace {

/// Files that are on their way at once: as many as are asked for, and some that are unpacked. More
/// would only wait, each with a claim and a coroutine.
std::size_t content_width(const fetcher::Fetcher* fetcher) {
  constexpr std::size_t unpacked = 64;
  return unpacked + (fetcher != nullptr ? fetcher->width() : 0);
}

}  // namespace

ContentQueue::ContentQueue(PullContext& context, OpenSource& origin, bool dry_run)
    : context_(context),
      dry_run_(dry_run),
      plan_(context, origin.repository.get(), dry_run),
      fetches_(
          context.group, [&origin] { return content_width(origin.fetcher.get()); },
          [&origin](Checksum file) { return origin.objects->take_content(file); }) {}

void ContentQueue::want(const Checksum& file) {
  context_.counters.content_bytes_requested += context_.sizes.archived(file).value_or(0);
  plan_.add(file);
  if (dry_run_) return;
  if (plan_.surely_fits())
    fetches_.push(file);
  else
    held_.push_back(file);
}

void ContentQueue::begin() {
  if (dry_run_) return;
  plan_.require_room();
  for (const Checksum& file : std::exchange(held_, {})) fetches_.push(file);
}

}  // namespace xylem::pull
