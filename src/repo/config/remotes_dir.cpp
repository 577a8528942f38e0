#include "repo/config/remotes_dir.hpp"

#include <dirent.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/config/remote.hpp"
#include "repo/disk/replace_file.hpp"

namespace xylem::repo {

std::vector<RemotesFile> load_remotes_dir(const std::string& path) {
  constexpr std::uint64_t largest = 1 << 20;
  std::vector<RemotesFile> files;
  const UniqueFd dir = os::try_open_dir({FileDescriptor::cwd(), path});
  if (!dir.valid()) return files;
  for (const DirEntry& entry : list_directory(dir)) {
    if (!entry.name.ends_with(".conf") || entry.type != DT_REG) continue;
    const auto text = os::try_read_file({dir, entry.name}, largest);
    const std::string file = path + "/" + entry.name;
    if (text) files.push_back({file, KeyFile::parse(*text, file)});
  }
  std::ranges::sort(files, {}, &RemotesFile::path);
  return files;
}

void write_remotes_file(const RemotesFile& file) {
  const PathAt path{FileDescriptor::cwd(), file.path};
  if (remotes_in(file.keys).empty()) {
    os::unlink(path);
    return;
  }
  os::make_dirs({FileDescriptor::cwd(), file.path.substr(0, file.path.rfind('/'))}, 0755);
  replace_file(path, as_bytes(file.keys.text()));
}

std::vector<std::string> remotes_in(const KeyFile& keys) {
  std::vector<std::string> names;
  for (const std::string& group : keys.groups())
    if (auto name = parse_remote_group(group)) names.push_back(std::move(*name));
  return names;
}

}  // namespace xylem::repo
