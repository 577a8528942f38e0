#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "support/temp_dir.hpp"

namespace xylem::repo {

namespace {

constexpr uid_t us = 1000;
constexpr uid_t other = 1001;
constexpr gid_t our_group = 100;
constexpr gid_t shared = 200;

struct stat inode(mode_t mode, uid_t uid = us, gid_t gid = our_group) {
  struct stat info {};
  info.st_mode = mode;
  info.st_uid = uid;
  info.st_gid = gid;
  info.st_nlink = 7;
  return info;
}

constexpr Keepers alone{.user = us, .own_group = our_group, .group = std::nullopt};
constexpr Keepers in_group{.user = us, .own_group = our_group, .group = shared};

/// A umask, until the end.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

mode_t mode_of(const PathAt& path) {
  return os::try_stat(path).value().st_mode & 07777;
}

}  // namespace

TEST_CASE("an inode is trusted if it is a file of ours that nobody else can write to") {
  CHECK(may_trust(inode(S_IFREG | 0644), alone));
  CHECK(may_trust(inode(S_IFREG | 0444), alone));
  CHECK(may_trust(inode(S_IFREG | 0644, 0), alone));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0444, other), alone));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0646), alone));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0664), alone));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0664, 0), alone));
  for (const mode_t type : {S_IFDIR, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK, S_IFLNK})
    CHECK_FALSE(may_trust(inode(type | 0644), alone));
}

TEST_CASE(
    "a group may write only where the repository is shared with it, or the file is meant so") {
  CHECK(may_trust(inode(S_IFREG | 0664, us, shared), in_group));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0664, us, our_group), in_group));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0666, us, shared), in_group));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0644, other, shared), in_group));
  // A copy would be as open.
  CHECK(may_trust(inode(S_IFREG | 0664, us, our_group), alone, 0664));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0664, us, shared), alone, 0664));
  CHECK_FALSE(may_trust(inode(S_IFREG | 0666, us, our_group), alone, 0666));
}

TEST_CASE("what is published may belong to any member of the group it is shared with") {
  CHECK(may_stay(inode(S_IFREG | 0664, other, shared), in_group));
  CHECK_FALSE(may_stay(inode(S_IFREG | 0644, other, our_group), in_group));
  CHECK_FALSE(may_stay(inode(S_IFREG | 0644, other, shared), alone));
}

TEST_CASE("a directory that everybody can write to is shared with nobody") {
  CHECK(shared_group(inode(S_IFDIR | 02775, us, shared)) == shared);
  CHECK_FALSE(shared_group(inode(S_IFDIR | 0755)));
  CHECK_FALSE(shared_group(inode(S_IFDIR | 0777)));
  CHECK_FALSE(shared_group(inode(S_IFDIR | 01777)));
  CHECK(dir_mode_in(inode(S_IFDIR | 02775)) == 0775);
  CHECK(dir_mode_in(inode(S_IFDIR | 01777)) == 0755);
  CHECK(dir_mode_in(inode(S_IFDIR | 0700)) == 0755);
}

TEST_CASE("the umask takes permissions away, and gives none") {
  const test::TempDir dir;
  os::set_mode(dir.fd(), 0755);
  {
    const Umask mask(0);
    make_repo_dirs(dir.at("open/inner"));
  }
  CHECK(mode_of(dir.at("open")) == 0755);
  CHECK(mode_of(dir.at("open/inner")) == 0755);
  {
    const Umask mask(077);
    CHECK(make_repo_dir(dir.at("closed/")));
    CHECK_FALSE(make_repo_dir(dir.at("closed")));
  }
  CHECK(mode_of(dir.at("closed")) == 0700);
}

}  // namespace xylem::repo
