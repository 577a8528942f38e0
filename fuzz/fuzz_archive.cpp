// An archive, plain or compressed: names that a tree takes stay below its root, and content is what
// the header says or an error.

#include <sys/mman.h>
#include <unistd.h>

#include "archive/reader.hpp"
#include "base/os/os.hpp"
#include "fuzz/fuzz.hpp"
#include "object/names/names.hpp"
#include "tree/commit/archive_path.hpp"

using namespace xylem;

namespace {

/// A bomb of a few bytes is read to here.
constexpr std::uint64_t most_content = 8 << 20;

FileDescriptor file_with(ByteView content) {
  static const UniqueFd file(::memfd_create("archive", MFD_CLOEXEC));
  fuzz::require(::ftruncate(file.get(), 0) == 0);
  os::write_all_at(file, content, 0);
  fuzz::require(::lseek(file.get(), 0, SEEK_SET) == 0);
  return file;
}

void check_names(const xylem::archive::Entry& entry) {
  fuzz::check([&] {
    for (const std::string& name : tree::archive_path_names(tree::archive_path(entry.path)))
      fuzz::require(name != ".." && name != "." && name.find('/') == name.npos && !name.empty());
  });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    xylem::archive::Reader reader(file_with(input), "archive");
    Bytes buffer(65536);
    std::uint64_t total = 0;
    while (const auto entry = reader.next()) {
      check_names(*entry);
      while (const std::size_t count = reader.read(buffer))
        if ((total += count) > most_content) return;
      if ((total += 512) > most_content) return;
    }
  });
}
