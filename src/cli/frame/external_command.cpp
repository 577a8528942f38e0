#include "cli/frame/external_command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "cli/frame/values.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

/// Boot entries and deployments, and what else is about a booted system.
constexpr std::array left_to_libostree{"admin", "trivial-httpd"};

/// Names libostree's command, for who has it elsewhere.
constexpr char libostree_variable[] = "XYLEM_OSTREE";
/// Set for the program that a command was handed to: if that is xylem again, it stops there.
constexpr char handed_over_variable[] = "XYLEM_HANDED_OVER";

/// What dpkg-divert and habit make of a command whose place was taken.
constexpr std::array libostree_names{"ostree", "ostree.distrib", "ostree.real"};

/// Replaces the process. Returns only if there is no such program.
void try_execute(const std::string& path, const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execvp(path.c_str(), argv.data());
  if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return;
  const int failure = errno;
  throw Error(ErrorKind::Io,
              fmt::format("Cannot run {}: {}", path, std::generic_category().message(failure)),
              {.path = path, .system_errno = failure});
}

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

/// Whether the path leads, perhaps through links, to the program that runs here.
bool is_this_program(const std::string& path) {
  struct stat ours {};
  struct stat theirs {};
  return ::stat("/proc/self/exe", &ours) == 0 && ::stat(path.c_str(), &theirs) == 0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

std::optional<std::string> find_libostree_command() {
  if (const char* named = std::getenv(libostree_variable); named != nullptr && *named != '\0')
    return named;
  const char* path = std::getenv("PATH");
  for (const std::string& dir : split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
    for (const char* name : libostree_names) {
      std::string candidate = fmt::format("{}/{}", dir.empty() ? "." : dir, name);
      if (is_program(candidate) && !is_this_program(candidate)) return candidate;
    }
  }
  return std::nullopt;
}

[[noreturn]] void hand_over(const std::string& name, const std::vector<std::string>& arguments) {
  const bool again = std::getenv(handed_over_variable) != nullptr;
  const auto command = again ? std::nullopt : find_libostree_command();
  if (command) {
    std::vector<std::string> words{name};
    words.insert(words.end(), arguments.begin(), arguments.end());
    ::setenv(handed_over_variable, "1", 1);
    try_execute(*command, words);
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("The command '{}' is not available: xylem leaves it to libostree, whose "
                          "`ostree` {}",
                          name, command ? "cannot be run at " + *command : "is not in PATH"))
      .hint(fmt::format("Install libostree's command (Debian: ostree), or name it in ${}.",
                        libostree_variable));
}

}  // namespace

bool is_left_to_libostree(const std::string& name) {
  return std::ranges::find(left_to_libostree, name) != left_to_libostree.end();
}

void run_external_command(const std::string& program, const std::string& name,
                          const std::vector<std::string>& arguments) {
  if (name.find('/') != std::string::npos) return;
  const std::string other = program == "ostree" ? "xylem" : "ostree";
  try_execute(program + "-" + name, arguments);
  try_execute(other + "-" + name, arguments);
  if (is_left_to_libostree(name)) hand_over(name, arguments);
}

}  // namespace xylem::cli
