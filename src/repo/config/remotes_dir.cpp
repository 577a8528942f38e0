#include "repo/config/remotes_dir.hpp"

#include <dirent.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/config/remote.hpp"
#include "repo/disk/replace_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

bool may_be_a_file(const DirEntry& entry) {
  return entry.type == DT_REG || entry.type == DT_LNK;
}

}  // namespace

RemotesDir load_remotes_dir(const std::string& path) {
  constexpr std::uint64_t largest = 1 << 20;
  RemotesDir result;
  const UniqueFd dir = os::try_open_dir({FileDescriptor::cwd(), path});
  if (!dir.valid()) return result;
  for (const DirEntry& entry : list_directory(dir)) {
    if (!entry.name.ends_with(".conf") || !may_be_a_file(entry)) continue;
    const std::string file = path + "/" + entry.name;
    try {
      const auto text = os::try_read_file({dir, entry.name}, largest);
      if (text) result.files.push_back({file, KeyFile::parse(*text, file)});
    } catch (const Error& error) {
      result.problems.emplace_back(error.what());
    }
  }
  std::ranges::sort(result.files, {}, &RemotesFile::path);
  return result;
}

void write_remotes_file(const RemotesFile& file) {
  const PathAt path{FileDescriptor::cwd(), file.path};
  if (remotes_in(file.keys).empty()) {
    os::unlink(path);
    return;
  }
  const std::string text = file.keys.text();
  update_file(path, as_bytes(text));
}

std::vector<std::string> remotes_in(const KeyFile& keys) {
  std::vector<std::string> names;
  for (const std::string& group : keys.groups())
    if (auto name = parse_remote_group(group)) names.push_back(std::move(*name));
  return names;
}

}  // namespace xylem::repo
