#include "fetcher/request_queue.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

/// What a request takes from the budget before the size of its body is known.
constexpr std::uint64_t initial_share = 64 * 1024;

}  // namespace

/// One waiting request; leaves its line when it is destroyed.
struct RequestQueue::Ticket {
  Ticket(RequestQueue& owner, Priority priority)
      : queue(owner),
        line(owner.lines_[static_cast<std::size_t>(priority)]),
        called(owner.executor_) {
    line.push_back(this);
  }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  ~Ticket() {
    if (!admission) line.erase(std::ranges::find(line, this));
  }

  RequestQueue& queue;
  std::deque<Ticket*>& line;
  Event called;
  std::optional<Admission> admission;
};

Admission::~Admission() {
  share.resize(0);
  if (queue_ != nullptr) queue_->leave();
}

RequestQueue::RequestQueue(asio::any_io_executor executor, Waits& waits,
                           std::uint64_t memory_budget, unsigned width,
                           std::function<void()> on_idle)
    : executor_(std::move(executor)), waits_(waits), width_(width), on_idle_(std::move(on_idle)) {
  const auto pump_later = [this, executor = executor_, weak = std::weak_ptr<int>(alive_)] {
    asio::post(executor, [this, weak] {
      if (weak.lock()) pump();
    });
  };
  budget_ = std::make_shared<Budget>(memory_budget, pump_later);
}

asio::awaitable<Admission> RequestQueue::admit(Priority priority) {
  waits_.check();
  Ticket ticket(*this, priority);
  pump();
  if (!ticket.admission) co_await waits_.wait(ticket.called);
  Admission admission = std::move(*ticket.admission);
  co_return admission;
}

void RequestQueue::set_width(unsigned width) {
  const bool wider = width > width_;
  width_ = width;
  if (wider) pump();
}

void RequestQueue::leave() {
  --in_flight_;
  pump();
  if (in_flight_ == 0) on_idle_();
}

std::deque<RequestQueue::Ticket*>* RequestQueue::next_line() {
  for (auto& line : lines_)
    if (!line.empty()) return &line;
  return nullptr;
}

void RequestQueue::pump() {
  while (auto* line = next_line()) {
    if (in_flight_ >= width_) return;
    auto share = budget_->try_take(initial_share);
    if (!share) return;
    Ticket* ticket = line->front();
    line->pop_front();
    ++in_flight_;
    ticket->admission.emplace(*this, std::move(*share));
    ticket->called.set();
  }
}

}  // namespace xylem::fetcher
