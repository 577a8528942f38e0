#include "delta/delta_data.hpp"

#include <algorithm>
#include <sstream>

#include "base/codec/xz.hpp"
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

void make_two_commits(const TempDir& dir, bool plain) {
  const std::string options = plain ? "--canonical-permissions --no-xattrs" : "";
  run_ok({"sh", "-euc", "cd " + dir.path() + "\nOPTIONS='" + options + R"('
    mkdir -p tree/sub
    head -c 400000 /dev/urandom > tree/changed
    head -c 300000 /dev/urandom > tree/grown
    printf 'hello\n' > tree/hello
    ln -s hello tree/link
    ostree --repo=repo init --mode=archive
    ostree --repo=repo commit -b main $OPTIONS --tree=dir=tree
    # At the begin, where libostree finds nothing to copy and makes a patch.
    printf 'other' | dd of=tree/changed bs=1 conv=notrunc 2>/dev/null
    { head -c 100000 tree/grown; head -c 5000 /dev/urandom; tail -c 200000 tree/grown; } > g
    mv g tree/grown
    head -c 70000 /dev/urandom > tree/sub/new
    : > tree/empty
    setfattr -n user.note -v kept tree/sub/new
    chmod 4755 tree/hello
    ln -sf nowhere tree/link
    ostree --repo=repo commit -b main $OPTIONS --tree=dir=tree)"});
}

}  // namespace xylem::test
