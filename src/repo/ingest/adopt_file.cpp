#include "repo/ingest/adopt_file.hpp"

#include <algorithm>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/loose/hashing_source.hpp"

namespace xylem::repo {

namespace {

/// A second name for the file in staging: what is hashed is then what is published, whatever the
/// first name means by that time. If the transaction fails, the first name is still there.
std::optional<StagedFile> try_stage_link(StagingArea& area, const PathAt& original) {
  const auto info = os::try_stat(original);
  if (!info || !S_ISREG(info->st_mode)) return std::nullopt;
  const PathAt path = area.temporary();
  if (os::try_link(original, path) != 0) return std::nullopt;
  UniqueFd fd = os::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return StagedFile::take_over(area, path, std::move(fd));
}

/// The owner of an inode can change it, and so can whoever has it open to write: only a file of the
/// owner and with the mode that the object shall have.
bool may_adopt(const Repo& repo, const struct stat& info, const object::FileHeader& header) {
  if (!S_ISREG(info.st_mode)) return false;
  if (repo.mode() == Mode::BareUserOnly) {
    Keepers keepers = keepers_of(repo.store().dir());
    keepers.user = os::stat(repo.store().dir()).st_uid;
    return info.st_uid == keepers.user && may_trust(info, keepers, header.mode);
  }
  return info.st_uid == header.uid && info.st_gid == header.gid && info.st_mode == header.mode;
}

/// Headers of committed files leave these out; a file that has one is not what its header says.
bool has_empty_attribute(FileDescriptor fd) {
  const auto attributes = os::list_xattrs(fd);
  return std::any_of(attributes.begin(), attributes.end(),
                     [](const auto& attribute) { return attribute.value.empty(); });
}

bool is_unchanged(const struct stat& before, const struct stat& after) {
  return before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
         before.st_mtim.tv_nsec == after.st_mtim.tv_nsec;
}

Checksum hash_staged(const StagedFile& file, const struct stat& info,
                     const object::FileHeader& header, const PathAt& original,
                     const CancelToken& cancel) {
  FdSource content(file.fd());
  HashingSource hashed(content, header, static_cast<std::uint64_t>(info.st_size), cancel);
  const Checksum checksum = hashed.read_to_end();
  if (is_unchanged(info, os::stat(file.fd()))) return checksum;
  throw Error(ErrorKind::Io, os::path_of(original) + " was changed while it was committed",
              {.path = os::path_of(original), .hint = "commit it again when nobody writes to it"});
}

}  // namespace

std::optional<Stored> adopt_file(const Repo& repo, Ingest& ingest, const PathAt& original,
                                 const object::FileHeader& header) {
  if (repo.mode() != Mode::Bare && repo.mode() != Mode::BareUserOnly) return std::nullopt;
  const auto format = make_content_format(repo.mode(), repo.config().zlib_level);
  format->check(header);
  auto file = try_stage_link(ingest.area(), original);
  if (!file) return std::nullopt;
  const struct stat info = os::stat(file->fd());
  if (!may_adopt(repo, info, header)) return std::nullopt;
  if (repo.mode() == Mode::Bare && has_empty_attribute(file->fd())) return std::nullopt;
  const object::ObjectName name{hash_staged(*file, info, header, original, ingest.cancel_token()),
                                object::ObjectType::File};
  Stored stored{name.checksum, static_cast<std::uint64_t>(info.st_size), false};
  if (repo.store().has(name) || ingest.area().has(name)) return stored;
  format->seal(*file, header);
  if (repo.config().per_object_fsync) os::fsync(file->fd());
  stored.added = file->place(name);
  return stored;
}

}  // namespace xylem::repo
