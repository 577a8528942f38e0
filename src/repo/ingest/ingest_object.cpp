#include <fcntl.h>
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

/// What a group may do to the file of an object, because its header says so.
mode_t by_design(Mode mode, const object::FileHeader& header) {
  return is_bare(mode) ? header.mode & S_IWGRP : 0;
}

}  // namespace

std::optional<Stored> Ingest::add_from(const LooseStore& source, const ObjectName& name,
                                       Trust trust) {
  if (name.type != ObjectType::CommitMeta && is_known(name)) return Stored{name.checksum};
  if (trust == Trust::Trusted) area_.allow_unchecked();
  auto stored = take_object(source, name, trust);
  if (stored) count(name.type, *stored);
  return stored;
}

std::optional<Stored> Ingest::take_object(const LooseStore& source, const ObjectName& name,
                                          Trust trust) {
  cancel_.check();
  if (object::is_metadata(name.type)) return take_metadata(source, name, trust);
  if (name.type == ObjectType::File) return take_content(source, name, trust);
  throw Error(ErrorKind::Unsupported,
              "Objects of this type are not copied between repositories: " + name.text());
}

std::optional<Stored> Ingest::take_metadata(const LooseStore& source, const ObjectName& name,
                                            Trust trust) {
  // Detached metadata may be staged already, and is replaced then: see StagingArea::place().
  const bool linkable = name.type != ObjectType::CommitMeta;
  if (linkable && trust != Trust::Verify && try_link_unseen(source, name))
    return Stored{name.checksum, 0, true};
  return with_object_name(name, [&]() -> std::optional<Stored> {
    const UniqueFd fd = try_open_regular(source.path(name));
    if (!fd.valid()) return std::nullopt;
    const Bytes bytes = os::read_file(fd, object::default_max_metadata_size);
    if (trust != Trust::Trusted) object::verify_metadata(name, bytes);
    const bool added = (linkable && area_.link(fd, name)) || store_metadata(name, bytes);
    return Stored{name.checksum, bytes.size(), added};
  });
}

std::optional<Stored> Ingest::take_content(const LooseStore& source, const ObjectName& name,
                                           Trust trust) {
  const bool inflates = source.mode() == Mode::Archive && mode() != Mode::Archive;
  if (inflates && trust != Trust::Trusted) return take_archived(source, name);
  const bool needs_look = trust == Trust::Verify || source.mode() != mode() || restricts_modes();
  if (!needs_look && try_link_unseen(source, name)) return Stored{name.checksum, 0, true};
  auto file = source.load_file(name.checksum);
  if (!file) return std::nullopt;
  return with_object_name(name, [&] {
    const bool added = take_loaded(source, name, *file, trust != Trust::Trusted);
    return Stored{name.checksum, file->size, added};
  });
}

/// An archived file is what servers send: small ones are inflated in one go.
std::optional<Stored> Ingest::take_archived(const LooseStore& source, const ObjectName& name) {
  constexpr std::uint64_t small = 1U << 20;
  const PathAt path = source.path(name);
  return with_object_name(name, [&]() -> std::optional<Stored> {
    UniqueFd fd = try_open_regular(path);
    if (!fd.valid()) return std::nullopt;
    if (static_cast<std::uint64_t>(os::stat(fd).st_size) <= small)
      return take_filez(name, os::read_file(fd, small), UINT64_MAX);
    LoadedFile file = load_archive_file(std::move(fd));
    return take_filez_file(name, file, UINT64_MAX, [&] { return path; });
  });
}

bool Ingest::take_loaded(const LooseStore& source, const ObjectName& name, LoadedFile& file,
                         bool verify) {
  check(file.header);
  ImportWay way = content_import_way(source.mode(), mode(), file.header);
  if (way == ImportWay::Link) {
    const mode_t design = by_design(mode(), file.header);
    if (file.fd.valid() && area_.may_link(file.fd, design)) {
      if (verify) require_checksum(name, hash_file(file));
      if (area_.link(file.fd, name, design)) return true;
    }
    way = import_way_without_link(source.mode(), mode(), file.header);
  }
  if (way == ImportWay::Copy) return take_copy(name, file, verify);
  MemorySource nothing({});
  ByteSource& content = file.content ? *file.content : nothing;
  if (!verify) return store_as_called(name.checksum, file.header, file.size, content);
  return hash_and_store(name.checksum, file.header, file.size, content).added;
}

/// Written anew from a trusted source: the size is looked at, the checksum is not.
bool Ingest::store_as_called(const Checksum& checksum, const object::FileHeader& header,
                             std::uint64_t size, ByteSource& content) {
  return spend_space(size, [&] {
    HashingSource whole(content, header, size, cancel_);
    StagedFile file = format_->write(area_, header, size, whole);
    return finish(file, checksum, header, size);
  });
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

/// Without a look at its content. A symlink is never linked: making it anew is as cheap.
bool Ingest::try_link_unseen(const LooseStore& source, const ObjectName& name) {
  const UniqueFd fd = os::try_open(source.path(name), O_PATH | O_NOFOLLOW);
  return fd.valid() && area_.link(fd, name);
}

}  // namespace xylem::repo
