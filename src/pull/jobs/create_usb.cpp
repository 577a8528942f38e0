#include "pull/jobs/create_usb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "pull/jobs/volume_repos.hpp"
#include "pull/session.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/open_source.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr unsigned most_links = 100;

[[noreturn]] void refuse(std::string message) {
  throw Error(ErrorKind::InvalidArgument, std::move(message));
}

void check_place(const repo::Repo& source, const repo::Repo& target, FileDescriptor volume) {
  const struct stat there = os::stat(target.dir());
  const struct stat here = os::stat(source.dir());
  if (there.st_dev != os::stat(volume).st_dev)
    refuse("--destination-repo must be a descendent of MOUNT-PATH");
  if (os::same_file(there, here)) refuse("--destination-repo must not be the source repository");
}

/// One pull is for the refs of one collection.
using RefsByCollection = std::map<std::string, std::vector<std::string>>;

RefsByCollection refs_to_pull(const repo::Repo& source, const UsbRequest& request) {
  RefsByCollection refs;
  for (const repo::CollectionRef& ref : request.refs) {
    if (!repo::find_ref(source, ref))
      throw Error(ErrorKind::NotFound, fmt::format("No such ref ({}, {}) in repository {}",
                                                   ref.collection_id, ref.ref, source.path()))
          .hint("`xylem refs -c` lists the refs of collections");
    refs[ref.collection_id].push_back(request.commit ? ref.ref + "@" + request.commit->hex()
                                                     : ref.ref);
  }
  return refs;
}

void pull_into(repo::Repo& target, const repo::Repo& source, const UsbRequest& request,
               const RefsByCollection& wanted, const CancelToken& cancel) {
  for (const auto& [collection, refs] : wanted) {
    PullOptions options;
    options.local_repository = source.path();
    options.collection_id = collection;
    options.refs = refs;
    options.mirror = true;
    options.disable_fsync = !request.fsync;
    run(target, options, nullptr, cancel);
  }
}

bool is_linked(FileDescriptor dir, const struct stat& target) {
  return std::ranges::any_of(list_directory(dir), [&](const DirEntry& entry) {
    const UniqueFd there = os::try_open_dir({dir, entry.name});
    return there.valid() && os::stat(there).st_ino == target.st_ino;
  });
}

/// So that the repository is found wherever on the volume it is.
void add_link(FileDescriptor volume, const std::string& repo, const struct stat& target) {
  const UniqueFd dir = repo::make_repo_dirs_beneath({volume, repos_dir});
  if (is_linked(dir, target)) return;
  for (unsigned number = 0; number < most_links; ++number)
    if (os::try_symlink("../../" + repo, {dir, fmt::format("{:02}-generated", number)})) return;
  throw Error(ErrorKind::Io, "Could not find an unused symlink name for the repository");
}

}  // namespace

void create_usb(const repo::Repo& source, const UsbRequest& request, const CancelToken& cancel) {
  const UniqueFd volume = os::open_dir({FileDescriptor::cwd(), request.volume});
  const RefsByCollection wanted = refs_to_pull(source, request);  // A mistake makes no directory.
  const UniqueFd place = repo::make_repo_dirs_beneath({volume, request.repo});
  repo::refuse_symlinks_out(place);
  const std::string path = request.volume + "/" + request.repo;
  repo::Repo target = repo::Repo::create(path, repo::Mode::Archive);
  if (!os::same_file(os::stat(target.dir()), os::stat(place)))
    throw Error(ErrorKind::Io, path + " became another directory meanwhile");
  check_place(source, target, volume);
  target.require_writable();
  pull_into(target, source, request, wanted, cancel);
  repo::update_summary(target);
  const bool well_known = request.repo == "ostree/repo" || request.repo == ".ostree/repo";
  if (!well_known) add_link(volume, request.repo, os::stat(target.dir()));
}

}  // namespace xylem::pull
