#include "repo/cookies.hpp"

#include "base/os/os.hpp"
#include "object/names.hpp"
#include "repo/disk/layout.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr std::uint64_t size_limit = 16ULL * 1024 * 1024;
constexpr mode_t owner_only = 0600;

PathAt path_of(const Repo& repo, const std::string& remote) {
  object::validate_remote_name(remote);
  return {repo.dir(), layout::remote_cookies(remote)};
}

}  // namespace

std::optional<Bytes> read_remote_cookies(const Repo& repo, const std::string& remote) {
  return os::try_read_file(path_of(repo, remote), size_limit);
}

void write_remote_cookies(const Repo& repo, const std::string& remote, ByteView lines) {
  replace_file(path_of(repo, remote), lines, true, owner_only);
}

}  // namespace xylem::repo
