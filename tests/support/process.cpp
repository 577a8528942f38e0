#include "support/process.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "base/os/fd.hpp"

namespace xylem::test {

namespace {

/// Standard output of the child becomes `output`.
class SpawnActions {
 public:
  explicit SpawnActions(FileDescriptor output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

pid_t start(const std::vector<std::string>& command, FileDescriptor output) {
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  if (posix_spawnp(&pid, arguments[0], SpawnActions(output).get(), nullptr, arguments.data(),
                   environ) != 0)
    throw std::runtime_error("cannot run " + command.front());
  return pid;
}

std::string read_to_end(FileDescriptor fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) == -1 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProcessResult run(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const pid_t pid = start(command, write_end);
  write_end.reset();
  std::string output = read_to_end(read_end);
  return {wait_for(pid), std::move(output)};
}

std::string run_ok(const std::vector<std::string>& command) {
  ProcessResult result = run(command);
  if (result.status == 0) {
    if (result.output.ends_with('\n')) result.output.pop_back();
    return result.output;
  }
  std::string line;
  for (const std::string& argument : command) line += argument + " ";
  throw std::runtime_error(line + "failed with status " + std::to_string(result.status) + "\n" +
                           result.output);
}

}  // namespace xylem::test
