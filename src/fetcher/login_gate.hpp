#pragma once

/// \file
/// Each login is tried once: while nobody knows whether it is good, one request finds out and the
/// others wait; one that was refused is not used again. Servers lock accounts after a few failures.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fetcher/failure.hpp"
#include "task/event.hpp"

namespace xylem::fetcher {

/// One thread.
class LoginGate {
 public:
  /// `waits` is borrowed.
  explicit LoginGate(Waits& waits) : waits_(waits) {}

  /// Waits while another request finds out whether the login is good. The failure if it is not;
  /// else nothing, and the caller has to leave(). Throws Error(Cancelled).
  boost::asio::awaitable<std::optional<Failure>> enter(const std::string& login);
  /// Of who has entered: the login was used.
  void accept(const std::string& login) { logins_[login].state = State::Good; }
  void refuse(const std::string& login, Failure failure);
  /// After that the next one may enter.
  void leave(const std::string& login);

 private:
  enum class State { Unknown, Good, Refused };
  struct Login {
    State state = State::Unknown;
    bool busy = false;  ///< Somebody finds out.
    std::optional<Failure> failure{};
    std::vector<Event*> waiting{};
  };

  Waits& waits_;
  std::unordered_map<std::string, Login> logins_;
};

/// The use of a login by one request; the destructor lets the next one in. Borrows the gate.
class LoginTry {
 public:
  /// An empty name is no login: then nothing is waited for.
  LoginTry(LoginGate& gate, std::string login) : gate_(gate), login_(std::move(login)) {}
  LoginTry(const LoginTry&) = delete;
  LoginTry& operator=(const LoginTry&) = delete;
  ~LoginTry();

  /// Once, before the request. As LoginGate::enter().
  boost::asio::awaitable<std::optional<Failure>> enter();
  /// There is an answer: a refusal of the login, or not.
  void accepted();
  void refused(Failure failure);

 private:
  LoginGate& gate_;
  std::string login_;
  bool entered_ = false;
};

}  // namespace xylem::fetcher
