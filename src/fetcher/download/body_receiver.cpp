#include "fetcher/download/body_receiver.hpp"

#include <utility>

#include "fetcher/download/body_front.hpp"

namespace xylem::fetcher {

namespace {

/// How much of an error page is read to keep its connection in use.
constexpr std::uint64_t most_discarded = 64 * 1024;

std::optional<std::uint64_t> announced_size(const ResponseHead& head, std::uint64_t offset) {
  if (head.encoded) return std::nullopt;
  if (head.content_range && head.content_range->total) return head.content_range->total;
  if (head.content_length) return *head.content_length + offset;
  return std::nullopt;
}

}  // namespace

BodyReceiver::BodyReceiver(BodyFile& file, ResumePoint point, std::string url,
                           std::uint64_t max_size, BudgetShare& share)
    : never_page_(file.never_page),
      point_(std::move(point)),
      sink_(file, std::move(url), max_size, share) {}

void BodyReceiver::begin(const ResponseHead& head) {
  begun_ = true;
  answer_ = resume_answer(point_, head);
  // A range of a compressed body is no range of the thing itself.
  if (answer_ == ResumeAnswer::Continued && !head.content_encoding.empty())
    answer_ = ResumeAnswer::Refused;
  if (answer_ == ResumeAnswer::Whole && has_odd_headers(head))
    odd_head_ = head;
  else
    begin_body(head);
}

// What the headers say is believed only if the first bytes agree. A web page in place of the thing
// must not cost the partial file, so nothing is touched before that is known.
bool BodyReceiver::decide() {
  ResponseHead head = *std::exchange(odd_head_, std::nullopt);
  const Bytes front = std::exchange(front_, {});
  if (never_page_ && is_page(head, front)) {
    answer_ = ResumeAnswer::Page;
  } else if (is_gzip(head, front)) {
    decoder_.emplace();
    head.content_length.reset();
  }
  if (answer_ != ResumeAnswer::Page) begin_body(head);
  return front.empty() || write(front);
}

void BodyReceiver::end() {
  if (odd_head_) decide();
}

void BodyReceiver::begin_body(const ResponseHead& head) {
  if (answer_ == ResumeAnswer::Whole)
    sink_.start(head.validators, announced_size(head, 0), head.content_length);
  if (answer_ == ResumeAnswer::Continued)
    sink_.resume(head.validators, announced_size(head, point_.offset), head.content_length);
}

bool BodyReceiver::write(ByteView bytes) {
  if (odd_head_) {
    front_.insert(front_.end(), bytes.begin(), bytes.end());
    return front_.size() < body_front_size || decide();
  }
  if (answer_ != ResumeAnswer::Whole && answer_ != ResumeAnswer::Continued) {
    discarded_ += bytes.size();
    return discarded_ <= most_discarded;
  }
  if (decoder_)
    decoder_->write(bytes, [this](ByteView decoded) { sink_.write(decoded); });
  else
    sink_.write(bytes);
  return true;
}

void BodyReceiver::save() noexcept {
  if (answer_ == ResumeAnswer::Whole) sink_.save();
}

}  // namespace xylem::fetcher
