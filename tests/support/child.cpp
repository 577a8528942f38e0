#include "support/child.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace xylem::test {

namespace {

int decode(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Child::Child(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (posix_spawnp(&pid_, arguments.front(), nullptr, nullptr, arguments.data(), environ) != 0)
    throw std::runtime_error("cannot start " + command.front());
}

Child::~Child() {
  if (ended_) return;
  signal(SIGKILL);
  wait();
}

void Child::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

bool Child::running() {
  int status = 0;
  if (ended_ || ::waitpid(pid_, &status, WNOHANG) == 0) return !ended_;
  ended_ = true;
  status_ = decode(status);
  return false;
}

int Child::wait() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, 0) == pid_) {
    ended_ = true;
    status_ = decode(status);
  }
  return status_;
}

}  // namespace xylem::test
