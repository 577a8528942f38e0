#pragma once

#include <sys/types.h>

#include <functional>

namespace xylem::test {

/// A child process that runs a function of the test and then goes on to nothing else. The
/// destructor kills it.
class Forked {
 public:
  /// The child's exit status is what `body` returns, or 255 if it throws. `body` must not use the
  /// test framework.
  explicit Forked(const std::function<int()>& body);
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;
  ~Forked();

  pid_t pid() const { return pid_; }
  void kill();
  /// Waits for its end: the exit status, or 128 + the number of the signal that ended it.
  int wait();

 private:
  pid_t pid_;
  bool ended_ = false;
};

/// Runs `body` in a child to its end; what Forked::wait() returns.
int run_child(const std::function<int()>& body);

/// A child that has come as far as it wanted to, and stays there until it is killed.
class ParkedChild {
 public:
  /// Returns when `prepare` has returned in the child; what it returns there lives on.
  template <typename Prepare>
  explicit ParkedChild(Prepare prepare)
      : child_([&] {
          const auto kept = prepare();
          announce_and_park();
          return 0;
        }) {
    wait_for_announcement();
  }
  pid_t pid() const { return child_.pid(); }
  void kill() { child_.kill(); }

 private:
  void announce_and_park();
  void wait_for_announcement();

  struct Pipe {
    Pipe();
    ~Pipe();
    int read_end = -1;
    int write_end = -1;
  };
  Pipe pipe_;
  Forked child_;
};

/// Gives up being root, for good: only for children. False if that is not possible.
bool become_nobody();

/// Looks again and again until `condition` holds; false if it never does.
bool eventually(const std::function<bool()>& condition);

}  // namespace xylem::test
