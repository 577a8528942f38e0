#include "repo/parked_ostree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"

namespace xylem::test {

namespace {

/// A pipe that nobody writes to: reading a tar file from it never begins.
std::string make_pipe(const OstreeRepo& repo) {
  const std::string path = repo.beside("pipe.tar");
  if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("cannot make a pipe");
  return path;
}

/// The directory whose lock is held.
std::string find_staging(const OstreeRepo& repo) {
  const UniqueFd tmp = os::open_dir({FileDescriptor::cwd(), repo / "tmp"});
  for (const DirEntry& entry : list_directory(tmp)) {
    const UniqueFd lock = os::try_open({tmp, entry.name + "-lock"}, O_RDWR);
    if (lock.valid() && os::is_locked(lock, os::LockMode::Exclusive)) return entry.name;
  }
  return {};
}

int run_commit(const std::string& repo, const std::string& tar) {
  ::execlp("ostree", "ostree", ("--repo=" + repo).c_str(), "commit", "-b", "parked",
           ("--tree=tar=" + tar).c_str(), nullptr);
  return 127;
}

}  // namespace

ParkedOstree::ParkedOstree(const OstreeRepo& repo)
    : child_([path = repo.path(), tar = make_pipe(repo)] { return run_commit(path, tar); }) {
  if (!eventually([&] { return !(staging_ = find_staging(repo)).empty(); }))
    throw std::runtime_error("ostree did not begin a transaction");
}

}  // namespace xylem::test
