#include "cli/frame/copyable_hint.hpp"

#include <string_view>

namespace xylem::cli {

namespace {

constexpr std::string_view begin_of_command = "`xylem ";

/// Whether a command, without "xylem", is meant for the repository that the failed one was for.
bool is_for_our_repo(std::string_view command) {
  for (const std::string_view name : {"remote ", "refs", "transfers", "prune", "recover", "pull "})
    if (command.starts_with(name)) return command.find("--repo") == command.npos;
  return false;
}

}  // namespace

std::string copyable_hint(const std::string& hint, const std::string& repo) {
  if (repo.empty()) return hint;
  std::string result = hint;
  for (std::size_t at = result.find(begin_of_command); at != result.npos;
       at = result.find(begin_of_command, at)) {
    at += begin_of_command.size();
    const std::size_t end = result.find('`', at);
    if (end == result.npos) break;
    if (is_for_our_repo(std::string_view(result).substr(at, end - at)))
      result.insert(end, " --repo=" + repo);
  }
  return result;
}

}  // namespace xylem::cli
