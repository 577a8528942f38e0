#include "pull/source/wait_notice.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "pull/downloads/transfers.hpp"

namespace xylem::pull {

namespace {

constexpr std::chrono::seconds before_the_first{1};
constexpr std::chrono::seconds between{5};

PullMessage waiting_message(std::int64_t pid) {
  const std::string whom = pid == 0 ? "another pull" : fmt::format("process {}", pid);
  PullMessage message{.code = PullMessage::Code::Waiting,
                      .text = fmt::format("Waiting for {}, which fetches the same", whom)};
  message.pid = pid;
  return message;
}

}  // namespace

void WaitNotice::waiting_since(Clock::time_point begin) noexcept try {
  const Clock::time_point now = Clock::now();
  if (now - begin < before_the_first || now < next_) return;
  next_ = now + between;
  messages_.tell(waiting_message(pid_of_other_pull(repo_.tmp())));
} catch (const std::exception& error) {
  log_debug("Nobody is told of the wait: {}", error.what());
}

}  // namespace xylem::pull
