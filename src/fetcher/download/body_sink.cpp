#include "fetcher/download/body_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "base/log.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

constexpr std::uint64_t least_growth = 16 * 1024;
/// A body that takes longer goes to its file, where it outlives the process.
constexpr std::chrono::seconds long_time{2};

}  // namespace

void BodyFile::forget() {
  if (partial) partial->dismiss_watcher();
  partial.reset();
  directory.remove(name);
}

BodySink::BodySink(BodyFile& file, std::string url, std::uint64_t max_size, BudgetShare& share)
    : file_(file), url_(std::move(url)), max_size_(max_size), share_(share) {}

void BodySink::start(Validators validators, std::optional<std::uint64_t> total,
                     std::optional<std::uint64_t> arriving) {
  validators_ = std::move(validators);
  const bool anew = file_.partial.has_value();
  if (anew) file_.partial->start_over();
  file_.begun_here = file_.begun_here || anew;
  expect(total, arriving);
  if (anew) describe_file();
}

void BodySink::resume(Validators validators, std::optional<std::uint64_t> total,
                      std::optional<std::uint64_t> arriving) {
  validators_ = std::move(validators);
  expect(total, arriving);
  share_.resize(0);
}

void BodySink::expect(std::optional<std::uint64_t> total, std::optional<std::uint64_t> arriving) {
  since_ = std::chrono::steady_clock::now();
  expected_ = total;
  if (!expected_) return;
  check_size(*expected_);
  if (file_.partial || *expected_ > large_body) ask_for_room(*expected_);
  if (file_.partial) return show_file();
  const bool in_pieces = arriving && *arriving < *expected_;
  if (in_pieces || !fits_in_memory(*expected_))
    move_to_file();
  else
    bytes_.reserve(*expected_);
}

void BodySink::check_size(std::uint64_t size) const {
  if (max_size_ == 0 || size <= max_size_) return;
  throw Error(ErrorKind::Corrupt,
              fmt::format("The body exceeded maximum size of {} bytes", max_size_), {.url = url_});
}

bool BodySink::fits_in_memory(std::uint64_t size) {
  if (size > large_body) return false;
  return size <= share_.size() || share_.resize(std::bit_ceil(std::max(size, least_growth))) ||
         share_.resize(size);
}

void BodySink::move_to_file() {
  file_.partial.emplace(file_.directory.create_partial(file_.name));
  file_.partial->start_over();
  file_.begun_here = true;
  describe_file();
  file_.partial->write(bytes_);
  bytes_ = {};
  share_.resize(0);
  show_file();
}

void BodySink::describe_file() {
  if (file_.keep)
    file_.partial->describe({.url = url_, .validators = validators_, .total = expected_});
}

void BodySink::show_file() {
  if (file_.watcher != nullptr && expected_) file_.partial->show_to(*file_.watcher, *expected_);
}

/// In large steps while it is not known how much will come.
void BodySink::ask_for_room(std::uint64_t total) {
  constexpr std::uint64_t step = 16 << 20;
  if (file_.watcher == nullptr || total <= room_) return;
  room_ = expected_ ? std::max(total, *expected_) : total + step;
  file_.watcher->announced(room_ - (file_.partial ? std::min(room_, file_.partial->size()) : 0));
}

/// On a slow link, what has come in a while is worth a file: the process may be killed.
bool BodySink::takes_long() const {
  return file_.keep && std::chrono::steady_clock::now() - since_ > long_time;
}

void BodySink::write(ByteView bytes) {
  check_size(size() + bytes.size());
  if (!file_.partial && (takes_long() || !fits_in_memory(size() + bytes.size()))) move_to_file();
  if (file_.partial) {
    ask_for_room(size() + bytes.size());
    file_.partial->write(bytes);
  } else {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
}

void BodySink::save() noexcept {
  if (!file_.keep || file_.partial || bytes_.empty()) return;
  try {
    move_to_file();
  } catch (const std::exception& error) {
    log_debug("{}: not kept for the next try: {}", url_, error.what());
  }
}

std::uint64_t BodySink::size() const {
  return file_.partial ? file_.partial->size() : bytes_.size();
}

Body BodySink::finish() {
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
