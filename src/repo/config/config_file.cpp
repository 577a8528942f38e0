#include "repo/config/config_file.hpp"

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"

namespace xylem::repo {

std::optional<KeyFile> read_config_file(FileDescriptor repo, const std::string& path) {
  const auto text = os::try_read_file({repo, layout::config}, largest_config);
  if (!text) return std::nullopt;
  return KeyFile::parse(*text, path + "/" + layout::config);
}

void write_config_file(FileDescriptor repo, const KeyFile& file) {
  const std::string text = file.text();
  update_file({repo, layout::config}, as_bytes(text));
}

}  // namespace xylem::repo
