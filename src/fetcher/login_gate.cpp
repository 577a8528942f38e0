#include "fetcher/login_gate.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

/// Keeps an event in a list while it is waited for.
class Waiting {
 public:
  Waiting(std::vector<Event*>& list, Event& event) : list_(list), event_(event) {
    list_.push_back(&event_);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { std::erase(list_, &event_); }

 private:
  std::vector<Event*>& list_;
  Event& event_;
};

}  // namespace

asio::awaitable<std::optional<Failure>> LoginGate::enter(const std::string& name) {
  Login& login = logins_[name];  // stays where it is, whatever is added
  while (login.state == State::Unknown && login.busy) {
    Event free(co_await asio::this_coro::executor);
    const Waiting waiting(login.waiting, free);
    co_await waits_.wait(free);
  }
  if (login.state == State::Refused) co_return login.failure;
  if (login.state == State::Unknown) login.busy = true;
  co_return std::nullopt;
}

/// A login that was good once is not bad because one file needs another one.
void LoginGate::refuse(const std::string& name, Failure failure) {
  Login& login = logins_[name];
  if (login.state == State::Good) return;
  login.state = State::Refused;
  login.failure = std::move(failure);
}

void LoginGate::leave(const std::string& name) {
  Login& login = logins_[name];
  login.busy = false;
  for (Event* event : login.waiting) event->set();
}

LoginTry::~LoginTry() {
  if (entered_) gate_.leave(login_);
}

asio::awaitable<std::optional<Failure>> LoginTry::enter() {
  if (login_.empty()) co_return std::nullopt;
  auto refused = co_await gate_.enter(login_);
  entered_ = !refused;
  co_return refused;
}

void LoginTry::accepted() {
  if (entered_) gate_.accept(login_);
}

void LoginTry::refused(Failure failure) {
  if (entered_) gate_.refuse(login_, std::move(failure));
}

}  // namespace xylem::fetcher
