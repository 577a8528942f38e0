#include "repo/forked.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>

namespace xylem::test {

namespace {

int run_body(const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
    return 255;
  }
}

}  // namespace

Forked::Forked(const std::function<int()>& body) : pid_(::fork()) {
  if (pid_ == -1) throw std::runtime_error("cannot fork");
  if (pid_ == 0) ::_exit(run_body(body));
}

Forked::~Forked() {
  if (!ended_) kill();
}

void Forked::kill() {
  ::kill(pid_, SIGKILL);
  wait();
}

int Forked::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) == -1 && errno == EINTR) continue;
  ended_ = true;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int run_child(const std::function<int()>& body) {
  return Forked(body).wait();
}

ParkedChild::Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  read_end = ends[0];
  write_end = ends[1];
}

ParkedChild::Pipe::~Pipe() {
  ::close(read_end);
  if (write_end != -1) ::close(write_end);
}

void ParkedChild::announce_and_park() {
  const char ready = 'r';
  if (::write(pipe_.write_end, &ready, 1) != 1) return;
  for (;;) ::pause();
}

void ParkedChild::wait_for_announcement() {
  ::close(pipe_.write_end);
  pipe_.write_end = -1;
  char ready = 0;
  if (::read(pipe_.read_end, &ready, 1) != 1) throw std::runtime_error("the child failed");
}

bool become_nobody() {
  constexpr unsigned nobody = 65534;
  return ::setresgid(nobody, nobody, nobody) == 0 && ::setresuid(nobody, nobody, nobody) == 0;
}

bool eventually(const std::function<bool()>& condition) {
  for (int look = 0; look < 3000; ++look) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace xylem::test
