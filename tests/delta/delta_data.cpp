#include "delta/delta_data.hpp"

#include <sstream>

#include "base/xz.hpp"
#include "delta/format/limits.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

constexpr std::uint64_t largest_payload = 64 << 20;

}  // namespace

Bytes recorded(const std::string& name) {
  return read_file(TEST_DATA_DIR "/ostree-2026.4/" + name);
}

void unpack_old_repo(const std::string& order, const TempDir& dir) {
  run_ok({"tar", "-xJf",
          "/usr/libexec/installed-tests/libostree/pre-endian-deltas-repo-" + order + ".tar.xz",
          "-C", dir.path()});
}

Bytes part_file(ByteView payload) {
  MemorySource source(payload);
  Bytes file{static_cast<std::uint8_t>(delta::Compression::Xz)};
  xz_stream(source, 1,
            [&](ByteView piece) { file.insert(file.end(), piece.begin(), piece.end()); });
  return file;
}

Bytes payload_of(ByteView part) {
  MemorySource compressed(part.subspan(1));
  if (delta::parse_compression(part.front()) == delta::Compression::None)
    return read_all(compressed, largest_payload);
  XzSource xz(compressed, {delta::max_xz_memory, largest_payload});
  return read_all(xz, largest_payload);
}

std::vector<std::string> delta_files(const std::string& repo, const std::string& name) {
  std::istringstream lines(run_ok({"find", repo + "/deltas", "-type", "f", "-name", name}) + "\n");
  std::vector<std::string> paths;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) paths.push_back(line);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace xylem::test
