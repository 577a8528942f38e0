#include <sys/stat.h>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/ingest/ingest.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/loose_file.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

Checksum hash_copy(Mode mode, const StagedFile& copy, const LoadedFile& original,
                   const CancelToken& cancel) {
  if (mode == Mode::Archive) {
    LoadedFile archived = load_archive_file(os::duplicate(copy.fd()));
    return hash_file(archived);
  }
  FdSource content(copy.fd());
  HashingSource hashed(content, original.header, original.size, cancel);
  return hashed.read_to_end();
}

}  // namespace

std::optional<Stored> Ingest::add_from(const LooseStore& source, const ObjectName& name,
                                       Trust trust) {
  if (name.type != ObjectType::CommitMeta && is_known(name)) return Stored{name.checksum};
  if (trust == Trust::Trusted) area_.allow_unchecked();
  auto stored = take_object(source, name, trust == Trust::Verify);
  if (stored) count(name.type, *stored);
  return stored;
}

std::optional<Stored> Ingest::take_object(const LooseStore& source, const ObjectName& name,
                                          bool verify) {
  cancel_.check();
  if (object::is_metadata(name.type)) return take_metadata(source, name, verify);
  if (name.type == ObjectType::File) return take_content(source, name, verify);
  throw Error(ErrorKind::Unsupported,
              "Objects of this type are not copied between repositories: " + name.text());
}

std::optional<Stored> Ingest::take_metadata(const LooseStore& source, const ObjectName& name,
                                            bool verify) {
  // Detached metadata may be staged already, and is replaced then: see StagingArea::place().
  const bool linkable = name.type != ObjectType::CommitMeta;
  if (linkable && !verify && try_link(source, name)) return Stored{name.checksum, 0, true};
  const auto bytes = source.load_metadata(name);
  if (!bytes) return std::nullopt;
  if (verify) with_object_name(name, [&] { object::verify_metadata(name, *bytes); });
  const bool added = (linkable && verify && try_link(source, name)) || store_metadata(name, *bytes);
  return Stored{name.checksum, bytes->size(), added};
}

std::optional<Stored> Ingest::take_content(const LooseStore& source, const ObjectName& name,
                                           bool verify) {
  if (source.mode() == Mode::Archive && mode() != Mode::Archive) return take_archived(source, name);
  const bool needs_look = verify || source.mode() != mode() || restricts_modes();
  if (!needs_look && try_link(source, name)) return Stored{name.checksum, 0, true};
  auto file = source.load_file(name.checksum);
  if (!file) return std::nullopt;
  return with_object_name(name, [&] {
    const bool added = take_loaded(source, name, *file, verify);
    return Stored{name.checksum, file->size, added};
  });
}

/// An archived file is what servers send: small ones are inflated in one go.
std::optional<Stored> Ingest::take_archived(const LooseStore& source, const ObjectName& name) {
  constexpr std::uint64_t small = 1U << 20;
  const PathAt path = source.path(name);
  return with_object_name(name, [&]() -> std::optional<Stored> {
    const UniqueFd fd = try_open_regular(path);
    if (!fd.valid()) return std::nullopt;
    if (static_cast<std::uint64_t>(os::stat(fd).st_size) > small)
      return take_filez(name, path, UINT64_MAX);
    return take_filez(name, os::read_file(fd, small), UINT64_MAX);
  });
}

bool Ingest::take_loaded(const LooseStore& source, const ObjectName& name, LoadedFile& file,
                         bool verify) {
  check(file.header);
  ImportWay way = content_import_way(source.mode(), mode(), file.header);
  if (way == ImportWay::Link) {
    if (may_link(source)) {
      if (verify) require_checksum(name, hash_file(file));
      if (try_link(source, name)) return true;
    }
    way = import_way_without_link(source.mode(), mode(), file.header);
  }
  if (way == ImportWay::Copy) return take_copy(name, file, verify);
  MemorySource nothing({});
  ByteSource& content = file.content ? *file.content : nothing;
  return hash_and_store(name.checksum, file.header, file.size, content).added;
}

/// The body as it is on disk, sharing extents where the file system can. The copy is what is
/// hashed.
bool Ingest::take_copy(const ObjectName& name, const LoadedFile& file, bool verify) {
  const auto stored_size = static_cast<std::uint64_t>(os::stat(file.fd).st_size);
  return spend_space(stored_size, [&] {
    StagedFile copy = StagedFile::create(area_);
    os::copy_file(file.fd, copy.fd(), stored_size);
    if (verify) require_checksum(name, hash_copy(mode(), copy, file, cancel_));
    return finish(copy, name.checksum, file.header, stored_size);
  });
}

bool Ingest::may_link(const LooseStore& source) const {
  const struct stat theirs = os::stat(source.dir());
  const struct stat ours = os::stat(area_.store().dir());
  return theirs.st_uid == ours.st_uid && theirs.st_dev == ours.st_dev;
}

/// False where the file system refuses: then it has to be copied.
bool Ingest::try_link(const LooseStore& source, const ObjectName& name) {
  return may_link(source) && area_.link(source.path(name), name) == 0;
}

}  // namespace xylem::repo
