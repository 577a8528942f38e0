#include "repo/cookies.hpp"

#include "base/os/os.hpp"
#include "object/names/names.hpp"
#include "repo/disk/layout.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr std::uint64_t cookies_size_limit = 16ULL * 1024 * 1024;
constexpr mode_t cookies_mode = 0600;

PathAt cookies_path(const Repo& repo, const std::string& remote) {
  object::validate_remote_name(remote);
  return {repo.dir(), layout::remote_cookies(remote)};
}

}  // namespace

std::optional<Bytes> read_remote_cookies(const Repo& repo, const std::string& remote) {
  return os::try_read_file(cookies_path(repo, remote), cookies_size_limit);
}

void edit_remote_cookies(const Repo& repo, const std::string& remote,
                         const std::function<Bytes(const std::optional<Bytes>& before)>& change) {
  const PathAt path = cookies_path(repo, remote);
  const EditLock lock = repo.edit_lock(Edited::Config);
  const Bytes lines = change(os::try_read_file(path, cookies_size_limit));
  replace_file(path, lines, true, cookies_mode);
}

}  // namespace xylem::repo
