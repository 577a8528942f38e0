#include "delta/store/delta_place.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_exchange.hpp"
#include "base/os/os_metadata.hpp"
#include "base/os/random_file.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/random_name.hpp"
#include "repo/disk/replace_file.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/locks/tmpdir.hpp"

namespace xylem::delta {

namespace {

constexpr char superblock_name[] = "superblock";

std::vector<std::string> names_in(FileDescriptor dir) {
  std::vector<std::string> names;
  visit_names(dir, [&](std::string_view name) {
    names.emplace_back(name);
    return true;
  });
  std::ranges::sort(names);
  return names;
}

bool same_content(const PathAt& a, const PathAt& b) {
  const UniqueFd first = os::open(a, O_RDONLY);
  const UniqueFd second = os::open(b, O_RDONLY);
  RandomFile one(first);
  RandomFile other(second);
  if (one.size() != other.size()) return false;
  Bytes left(stream_buffer_size);
  Bytes right(stream_buffer_size);
  for (std::uint64_t at = 0; at < one.size(); at += left.size()) {
    left.resize(std::min<std::uint64_t>(left.size(), one.size() - at));
    right.resize(left.size());
    one.read_at(left, at);
    other.read_at(right, at);
    if (left != right) return false;
  }
  return true;
}

bool same_delta(const PathAt& a, const PathAt& b) {
  const UniqueFd first = os::open_dir(a);
  const UniqueFd second = os::try_open_dir(b);
  if (!second.valid()) return false;
  const std::vector<std::string> names = names_in(first);
  return names == names_in(second) && std::ranges::all_of(names, [&](const std::string& name) {
           return same_content({first, name}, {second, name});
         });
}

void sync_all(FileDescriptor dir) {
  for (const std::string& name : names_in(dir)) os::fsync(os::open({dir, name}, O_RDONLY));
  os::fsync(dir);
}

/// Made in tmp/, among what others have thrown away: cleaners remove it as soon as its owner is
/// gone.
class RepoPlace : public DeltaPlace {
 public:
  RepoPlace(const repo::Repo& repo, const DeltaName& name)
      : repo_(repo),
        target_(name.dir()),
        tmp_(repo::make_tmpdir(repo.tmp(), repo::layout::trash_prefix)) {
    os::make_dir(fresh(), repo::dir_mode_in(os::stat(repo.dir())));
    dir_ = os::open_dir(fresh());
  }
  RepoPlace(const RepoPlace&) = delete;
  RepoPlace& operator=(const RepoPlace&) = delete;
  ~RepoPlace() override {
    try {
      tmp_.remove();
    } catch (const std::exception&) {
      // Cleaners will.
    }
  }

  FileDescriptor dir() const override { return dir_; }

  void publish(ByteView superblock) override {
    const bool fsync = repo_.config().fsync;
    repo::replace_file({dir_, superblock_name}, superblock, false);
    if (fsync) sync_all(dir_);
    const std::string parent = target_.substr(0, target_.rfind('/'));
    repo::make_repo_dirs({repo_.dir(), parent});
    if (same_delta(fresh(), target())) return;
    put_in_place();
    if (!fsync) return;
    for (const std::string& changed :
         {parent, parent.substr(0, parent.rfind('/')), std::string(".")})
      os::fsync(os::open_dir({repo_.dir(), changed}));
  }

 private:
  PathAt fresh() const { return {tmp_.fd(), "new"}; }
  PathAt target() const { return {repo_.dir(), target_}; }

  /// Another process may do the same meanwhile: the last one wins.
  void put_in_place() {
    constexpr int max_attempts = 100;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
      if (os::try_rename_dir(fresh(), target()) || os::try_exchange(fresh(), target())) return;
      // Without an exchange there is a moment in which there is no delta.
      os::try_rename_dir(target(), {tmp_.fd(), repo::random_name("old-")});
    }
    os::fail(EBUSY, "Replacing", os::path_of(target()));
  }

  const repo::Repo& repo_;
  std::string target_;
  repo::TmpDir tmp_;
  UniqueFd dir_;
};

/// Made in a directory beside the file.
class FilePlace : public DeltaPlace {
 public:
  FilePlace(UniqueFd parent, std::string leaf, bool fsync)
      : parent_(std::move(parent)),
        leaf_(std::move(leaf)),
        fsync_(fsync),
        staging_(repo::random_name("." + leaf_ + "-")) {
    repo::make_repo_dir({parent_, staging_});
    dir_ = os::open_dir({parent_, staging_});
  }
  FilePlace(const FilePlace&) = delete;
  FilePlace& operator=(const FilePlace&) = delete;
  ~FilePlace() override {
    try {
      remove_tree({parent_, staging_});
    } catch (const std::exception&) {
      // What brought us here is more important.
    }
  }

  FileDescriptor dir() const override { return dir_; }

  void publish(ByteView superblock) override {
    const std::vector<std::string> parts = names_in(dir_);
    repo::replace_file({dir_, superblock_name}, superblock, false);
    if (fsync_) sync_all(dir_);
    if (!parts.empty()) os::unlink({parent_, leaf_});
    for (const std::string& part : parts) os::rename({dir_, part}, {parent_, part});
    os::rename({dir_, superblock_name}, {parent_, leaf_});
    if (fsync_) os::fsync(parent_);
  }

 private:
  UniqueFd parent_;
  std::string leaf_;
  bool fsync_;
  std::string staging_;
  UniqueFd dir_;
};

}  // namespace

std::unique_ptr<DeltaPlace> place_in_repo(const repo::Repo& repo, const DeltaName& name) {
  return std::make_unique<RepoPlace>(repo, name);
}

std::unique_ptr<DeltaPlace> place_at(const std::string& path, bool fsync) {
  const auto info = os::try_stat({FileDescriptor::cwd(), path});
  if (info && S_ISDIR(info->st_mode))
    return std::make_unique<FilePlace>(os::open_dir({FileDescriptor::cwd(), path}), superblock_name,
                                       fsync);
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return std::make_unique<FilePlace>(os::open_dir({FileDescriptor::cwd(), parent}),
                                     path.substr(slash + 1), fsync);
}

}  // namespace xylem::delta
