#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace xylem::test {

/// A program that runs beside the test. The destructor kills it.
class Child {
 public:
  /// Found in $PATH. Throws std::runtime_error if it cannot be started.
  explicit Child(const std::vector<std::string>& command);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  /// Waits for its end: the exit status, or 128 + the number of the signal that ended it.
  int wait();

 private:
  pid_t pid_ = 0;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace xylem::test
