#include "crash/interrupter.hpp"

#include <unistd.h>
#include <csignal>

namespace xylem::test {

using os::Operation;

namespace {

bool takes_space(Operation operation) {
  switch (operation) {
    case Operation::Create:
    case Operation::CreateNameless:
    case Operation::Write:
    case Operation::MakeDir:
    case Operation::Symlink:
    case Operation::Link:
    case Operation::LinkNameless:
    case Operation::SetAttribute:
      return true;
    default:
      return false;
  }
}

bool takes_descriptor(Operation operation) {
  return operation == Operation::Open || operation == Operation::Create ||
         operation == Operation::CreateNameless || operation == Operation::Duplicate;
}

bool can_stay(int error_number, Operation operation) {
  switch (error_number) {
    case ENOSPC:
      return takes_space(operation);
    case EMFILE:
      return takes_descriptor(operation);
    default:
      return true;
  }
}

}  // namespace

long Interrupter::call(const os::Call& call, const std::function<long()>& real) {
  const std::uint64_t number = ++calls_;
  const bool now = number == interruption_.at;
  const bool still = interruption_.from_now_on && interruption_.at != 0 &&
                     number > interruption_.at &&
                     can_stay(interruption_.error_number, call.operation);
  if (!now && !still) return real();
  if (interruption_.error_number == 0) ::kill(::getpid(), SIGKILL);
  errno = interruption_.error_number;
  return -1;
}

}  // namespace xylem::test
