#include "repo/config/libostree_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

using Words = std::vector<std::string_view>;

struct Key {
  const char* group;
  const char* key;
  Words words{};  ///< That it may be; none for what is true or false.
  bool is_list = false;
};

const std::array keys{
    Key{"core", "enable-uncompressed-cache"}, Key{"ex-fsverity", "required"},
    Key{"ex-fsverity", "opportunistic"},
    Key{"core", "default-repo-finders", {"config", "lan", "mount"}, true},
    Key{"sysroot", "bootloader", {"auto", "none", "grub2", "syslinux", "uboot", "zipl", "aboot"}}};

void check(const KeyFile& file, const Key& key) {
  if (key.words.empty()) {
    file.find_bool(key.group, key.key);
    return;
  }
  const std::vector<std::string> parts =
      key.is_list ? file.find_list(key.group, key.key).value_or(std::vector<std::string>())
                  : std::vector{file.find_string(key.group, key.key).value_or("")};
  for (const std::string& part : parts)
    if (std::ranges::find(key.words, part) == key.words.end())
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{}.{} cannot be {}: libostree would not open the repository",
                              key.group, key.key, object::quoted(part)));
}

}  // namespace

void require_for_libostree(const KeyFile& file, const KeyFile& before) {
  for (const Key& key : keys)
    if (file.has_key(key.group, key.key) &&
        file.find_string(key.group, key.key) != before.find_string(key.group, key.key))
      check(file, key);
}

}  // namespace xylem::repo
