#include "base/os/sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "xylem/error.hpp"

namespace xylem {

namespace {

// Landlock's rights and when they came (landlock(7)); Debian 12's headers lack the later ones.
constexpr std::uint64_t write_file = 1U << 1;
constexpr std::uint64_t truncate_file = 1U << 14;
/// REMOVE_DIR, REMOVE_FILE and all of MAKE_*.
constexpr std::uint64_t change_directory = 0x1ff0;
/// MAKE_CHAR and MAKE_BLOCK: never granted, for a disk can be written by its device.
constexpr std::uint64_t make_devices = 0x840;
/// Renames and links between directories; not handled means always denied.
constexpr std::uint64_t refer = 1U << 13;
constexpr int version_with_refer = 2;
constexpr int version_with_truncate = 3;

std::uint64_t rights_of(int version) {
  std::uint64_t rights = write_file | change_directory;
  if (version >= version_with_refer) rights |= refer;
  if (version >= version_with_truncate) rights |= truncate_file;
  return rights;
}

/// landlock_ruleset_attr as it is since version 6.
struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;
  std::uint64_t scoped = 0;
};

/// Since version 6 also without the right to reach others by signals and abstract sockets.
UniqueFd make_ruleset(int version, std::uint64_t rights) {
  constexpr int version_with_scopes = 6;
  constexpr std::uint64_t abstract_sockets = 1U << 0;
  constexpr std::uint64_t signals = 1U << 1;
  RulesetAttributes attributes{.handled_access_fs = rights};
  std::size_t size = sizeof attributes.handled_access_fs;
  if (version >= version_with_scopes) {
    attributes.scoped = abstract_sockets | signals;
    size = sizeof attributes;
  }
  const long fd = ::syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
  if (fd == -1) os::fail(errno, "Making", "a Landlock ruleset");
  return UniqueFd(static_cast<int>(fd));
}

void allow(FileDescriptor ruleset, const std::string& path, std::uint64_t rights) {
  const UniqueFd place = os::try_open({FileDescriptor::cwd(), path}, O_PATH);
  if (!place.valid()) return;
  const bool is_dir = S_ISDIR(os::stat(place).st_mode);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = is_dir ? rights & ~make_devices : rights & (write_file | truncate_file);
  rule.parent_fd = place.get();
  if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == -1)
    os::fail(errno, "Allowing writes to", path);
}

}  // namespace

int landlock_version() noexcept {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

void confine_writes(const std::vector<std::string>& paths) {
  const int version = landlock_version();
  // Without the right to rename between directories nothing can be published.
  if (version < version_with_refer)
    throw Error(ErrorKind::Unsupported, "This kernel cannot confine a process: it has no Landlock")
        .hint(
            "Linux 5.19 or later with `landlock` among its security modules is needed; else do "
            "without the sandbox");
  const std::uint64_t rights = rights_of(version);
  const UniqueFd ruleset = make_ruleset(version, rights);
  for (const std::string& path : paths) allow(ruleset, path, rights);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
    os::fail(errno, "Giving up", "new privileges");
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == -1)
    os::fail(errno, "Entering", "the Landlock sandbox");
}

}  // namespace xylem
