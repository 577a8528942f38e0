#include "cli/frame/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>

#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

sigset_t interrupting_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

UniqueFd require_fd(int fd) {
  if (fd < 0) throw Error(ErrorKind::Io, "Cannot watch for signals");
  return UniqueFd(fd);
}

UniqueFd block_and_open(sigset_t& old_mask) {
  const sigset_t set = interrupting_signals();
  UniqueFd fd = require_fd(::signalfd(-1, &set, SFD_CLOEXEC));
  ::pthread_sigmask(SIG_BLOCK, &set, &old_mask);
  return fd;
}

/// Waits for either; whether it was `wanted`.
bool wait_for(FileDescriptor wanted, FileDescriptor other) {
  std::array<pollfd, 2> fds{{{wanted.get(), POLLIN, 0}, {other.get(), POLLIN, 0}}};
  while (::poll(fds.data(), fds.size(), -1) == -1 && errno == EINTR) continue;
  return (fds[0].revents & POLLIN) != 0;
}

}  // namespace

InterruptWatcher::InterruptWatcher()
    : signals_(block_and_open(old_mask_)),
      stop_(require_fd(::eventfd(0, EFD_CLOEXEC))),
      thread_([this] { watch(); }) {
  std::signal(SIGPIPE, SIG_IGN);
}

InterruptWatcher::~InterruptWatcher() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
  ::pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
}

void InterruptWatcher::watch() {
  if (!wait_for(signals_, stop_)) return;
  signalfd_siginfo first{};
  // Taken off the queue: still pending, it would kill us once unblocked.
  if (::read(signals_.get(), &first, sizeof first) != sizeof first) return;
  const sigset_t set = interrupting_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  source_.cancel();
  pollfd stop{stop_.get(), POLLIN, 0};
  while (::poll(&stop, 1, -1) == -1 && errno == EINTR) continue;
}

}  // namespace xylem::cli
