#include "delta/match/memory_budget.hpp"

#include <fcntl.h>

#include <charconv>

#include "base/os/os.hpp"

namespace xylem::delta {

namespace {

/// If the system does not tell.
constexpr std::uint64_t fallback_memory = 1ULL << 30;

}  // namespace

std::uint64_t available_memory() {
  constexpr std::string_view key = "MemAvailable:";
  constexpr std::uint64_t limit = 64 << 10;
  const UniqueFd file = os::try_open({FileDescriptor::cwd(), "/proc/meminfo"}, O_RDONLY);
  if (!file.valid()) return fallback_memory;
  const Bytes bytes = os::read_file(file, limit);
  const std::string_view text = as_text(bytes);
  const std::size_t found = text.find(key);
  const std::size_t start =
      found == text.npos ? found : text.find_first_not_of(' ', found + key.size());
  if (start == text.npos) return fallback_memory;
  std::uint64_t kibibytes = 0;
  std::from_chars(text.data() + start, text.data() + text.size(), kibibytes);
  return kibibytes == 0 ? fallback_memory : kibibytes << 10;
}

}  // namespace xylem::delta
