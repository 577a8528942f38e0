#include "fetcher/download/body_receiver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "base/log.hpp"
#include "fetcher/download/body_front.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

/// How much of an error page is read to keep its connection in use.
constexpr std::uint64_t most_discarded = 64 * 1024;
constexpr std::uint64_t least_growth = 16 * 1024;
/// A body that takes longer goes to its file, where it outlives the process.
constexpr std::chrono::seconds long_time{2};

std::optional<std::uint64_t> announced_size(const ResponseHead& head, std::uint64_t offset) {
  if (head.encoded) return std::nullopt;
  if (head.content_range && head.content_range->total) return head.content_range->total;
  if (head.content_length) return *head.content_length + offset;
  return std::nullopt;
}

}  // namespace

void BodyFile::forget() {
  if (partial) partial->dismiss_watcher();
  partial.reset();
  directory.remove(name);
}

BodyReceiver::BodyReceiver(BodyFile& file, ResumePoint point, std::string url,
                           std::uint64_t max_size, BudgetShare& share)
    : file_(file),
      point_(std::move(point)),
      url_(std::move(url)),
      max_size_(max_size),
      share_(share) {}

void BodyReceiver::begin(const ResponseHead& head) {
  begun_ = true;
  since_ = std::chrono::steady_clock::now();
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
  if (file_.never_page && is_page(head, front)) {
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
  validators_ = head.validators;
  if (answer_ == ResumeAnswer::Whole) {
    const bool anew = file_.partial.has_value();
    if (anew) file_.partial->start_over();
    file_.begun_here = file_.begun_here || anew;
    expect(head);
    if (anew) describe_file();
  }
  if (answer_ == ResumeAnswer::Continued) {
    expect(head);
    share_.resize(0);
  }
}

void BodyReceiver::expect(const ResponseHead& head) {
  expected_ = announced_size(head, answer_ == ResumeAnswer::Continued ? point_.offset : 0);
  if (!expected_) return;
  check_size(*expected_);
  if (file_.partial || *expected_ > large_body) ask_for_room(*expected_);
  if (file_.partial) return show_file();
  const bool in_pieces = head.content_length && *head.content_length < *expected_;
  if (in_pieces || !fits_in_memory(*expected_))
    move_to_file();
  else
    bytes_.reserve(*expected_);
}

void BodyReceiver::check_size(std::uint64_t size) const {
  if (max_size_ == 0 || size <= max_size_) return;
  throw Error(ErrorKind::Corrupt,
              fmt::format("The body exceeded maximum size of {} bytes", max_size_), {.url = url_});
}

bool BodyReceiver::fits_in_memory(std::uint64_t size) {
  if (size > large_body) return false;
  return size <= share_.size() || share_.resize(std::bit_ceil(std::max(size, least_growth))) ||
         share_.resize(size);
}

void BodyReceiver::move_to_file() {
  file_.partial.emplace(file_.directory.create_partial(file_.name));
  file_.partial->start_over();
  file_.begun_here = true;
  describe_file();
  file_.partial->write(bytes_);
  bytes_ = {};
  share_.resize(0);
  show_file();
}

void BodyReceiver::describe_file() {
  if (file_.keep)
    file_.partial->describe({.url = url_, .validators = validators_, .total = expected_});
}

void BodyReceiver::show_file() {
  if (file_.watcher != nullptr && expected_) file_.partial->show_to(*file_.watcher, *expected_);
}

/// In large steps while it is not known how much will come.
void BodyReceiver::ask_for_room(std::uint64_t total) {
  constexpr std::uint64_t step = 16 << 20;
  if (file_.watcher == nullptr || total <= room_) return;
  room_ = expected_ ? std::max(total, *expected_) : total + step;
  file_.watcher->announced(room_ - (file_.partial ? std::min(room_, file_.partial->size()) : 0));
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
  if (!decoder_) return take(bytes);
  decoder_->write(bytes, [this](ByteView decoded) { take(decoded); });
  return true;
}

/// On a slow link, what has come in a while is worth a file: the process may be killed.
bool BodyReceiver::takes_long() const {
  return file_.keep && std::chrono::steady_clock::now() - since_ > long_time;
}

bool BodyReceiver::take(ByteView bytes) {
  check_size(size() + bytes.size());
  if (!file_.partial && (takes_long() || !fits_in_memory(size() + bytes.size()))) move_to_file();
  if (file_.partial) {
    ask_for_room(size() + bytes.size());
    file_.partial->write(bytes);
  } else {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  return true;
}

void BodyReceiver::save() noexcept {
  if (answer_ != ResumeAnswer::Whole || !file_.keep || file_.partial) return;
  if (bytes_.empty()) return;
  try {
    move_to_file();
  } catch (const std::exception& error) {
    log_debug("{}: not kept for the next try: {}", url_, error.what());
  }
}

std::uint64_t BodyReceiver::size() const {
  return file_.partial ? file_.partial->size() : bytes_.size();
}

Body BodyReceiver::finish() {
  Body body{.size = size()};
  if (file_.partial) {
    body.file_name = file_.partial->finish();
    file_.partial.reset();
    return body;
  }
  share_.resize(bytes_.size());
  body.bytes = std::move(bytes_);
  body.lease = BudgetLease(std::make_shared<BudgetShare>(std::move(share_)));
  return body;
}

}  // namespace xylem::fetcher
