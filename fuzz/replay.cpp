// Gives a target the files of directories, and what becomes of them when they are damaged a little,
// without libFuzzer: so that any compiler, and every run of the tests, sees what fuzzing has found.
//
//   replay-TARGET DIRECTORY...

#include <fcntl.h>

#include <cstdio>
#include <exception>
#include <string>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

namespace {

constexpr std::uint64_t most_bytes = 1 << 20;
/// Of one file: more would take long and show little.
constexpr std::size_t most_variants = 512;

void run(ByteView input) {
  // A copy of just this size, so that a look behind its end is seen by tools that watch memory.
  const Bytes copy(input.begin(), input.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

/// The file, cut short at many places, and with single bits turned.
std::size_t run_variants(Bytes bytes) {
  run(bytes);
  const std::size_t step = bytes.size() / most_variants + 1;
  std::size_t count = 1;
  for (std::size_t at = 0; at < bytes.size(); at += step, count += 2) {
    run(ByteView(bytes).first(at));
    bytes[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    run(bytes);
    bytes[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
  }
  return count;
}

std::size_t run_directory(const std::string& path) {
  const UniqueFd dir = os::open_dir({FileDescriptor::cwd(), path});
  std::size_t count = 0;
  for (const DirEntry& entry : list_directory(dir))
    count += run_variants(os::read_file(os::open({dir, entry.name}, O_RDONLY), most_bytes));
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i) count += run_directory(argv[i]);
    std::printf("%zu inputs\n", count);
    return count == 0 ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
