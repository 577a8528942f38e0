#include "pull/sandbox.hpp"

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/os/sandbox.hpp"
#include "base/os/syscall_filter.hpp"
#include "pull/report/trace_file.hpp"

namespace xylem::pull {

void enter_sandbox(const repo::Repo& repo, const Verification& verification,
                   const PullOptions& options) {
  std::vector<std::string> writable = verification.gpg_homes;
  writable.push_back(repo.path());
  writable.emplace_back("/dev/null");
  if (options.cache_dir) writable.push_back(*options.cache_dir);
  if (options.trace_file) {
    const TraceFile made(*options.trace_file);
    writable.push_back(*options.trace_file);
  }
  confine_writes(writable);
  const bool bare = repo.mode() == repo::Mode::Bare;
  if (!forbid_unneeded_calls(bare ? SetIdFiles::Allowed : SetIdFiles::Refused))
    log_warning("This kernel has no seccomp: the sandbox filters no system calls");
}

PullResult run_apart(const std::function<PullResult()>& pull) {
  std::packaged_task<PullResult()> task(pull);
  std::future<PullResult> result = task.get_future();
  std::thread(std::move(task)).join();
  return result.get();
}

}  // namespace xylem::pull
