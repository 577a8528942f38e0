#include "repo/ingest/object_import.hpp"

#include <sys/stat.h>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/ingest/filez_import.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/loose_file.hpp"

namespace xylem::repo {

using object::FileHeader;
using object::ObjectName;
using object::ObjectType;

namespace {

/// What is on disk in a bare-user repository is what bare-user-only would have written.
bool is_plain_bare_user(const FileHeader& header) {
  return (header.mode & S_IRUSR) != 0 && header.uid == 0 && header.gid == 0 &&
         header.xattrs.empty();
}

bool has_plain_body(Mode mode, const FileHeader& header) {
  return is_bare(mode) && !header.is_symlink();
}

bool may_link(ObjectStager& stager, const LooseStore& source) {
  const struct stat theirs = os::stat(source.dir());
  const struct stat ours = os::stat(stager.area().store().dir());
  return theirs.st_uid == ours.st_uid && theirs.st_dev == ours.st_dev;
}

/// False where the file system refuses: then it has to be copied.
bool try_link(ObjectStager& stager, const LooseStore& source, const ObjectName& name) {
  return may_link(stager, source) && stager.area().link(source.path(name), name) == 0;
}

std::optional<ImportedObject> import_metadata(ObjectStager& stager, const LooseStore& source,
                                              const ObjectName& name, bool verify) {
  // Detached metadata may be staged already, and is replaced then: see StagingArea::place().
  const bool linkable = name.type != ObjectType::CommitMeta;
  if (linkable && !verify && try_link(stager, source, name)) return ImportedObject{true, 0};
  const auto bytes = source.load_metadata(name);
  if (!bytes) return std::nullopt;
  if (verify) naming(name, [&] { object::verify_metadata(name, *bytes); });
  const bool added =
      (linkable && verify && try_link(stager, source, name)) || stager.stage_metadata(name, *bytes);
  return ImportedObject{added, bytes->size()};
}

/// What to do when a link cannot be made.
ImportWay way_without_link(Mode from, Mode to, const FileHeader& header) {
  const bool same_body =
      from == to ? !header.is_symlink() : has_plain_body(from, header) && is_bare(to);
  return same_body ? ImportWay::Copy : ImportWay::Reencode;
}

Checksum hash_copy(const ObjectStager& stager, const StagedFile& copy, const LoadedFile& original) {
  if (stager.mode() == Mode::Archive) {
    LoadedFile archived = load_archive_file(os::duplicate(copy.fd()));
    return hash_file(archived);
  }
  FdSource content(copy.fd());
  HashingSource hashed(content, original.header, original.size, stager.cancel_token());
  return hashed.read_to_end();
}

/// The body as it is on disk, sharing extents where the file system can. The copy is what is
/// hashed.
bool import_copy(ObjectStager& stager, const ObjectName& name, const LoadedFile& file,
                 bool verify) {
  const auto stored_size = static_cast<std::uint64_t>(os::stat(file.fd).st_size);
  return stager.spend_space(stored_size, [&] {
    StagedFile copy = StagedFile::create(stager.area());
    os::copy_file(file.fd, copy.fd(), stored_size);
    if (verify) require_checksum(name, hash_copy(stager, copy, file));
    return stager.finish(copy, name.checksum, file.header, stored_size);
  });
}

bool import_reencoded(ObjectStager& stager, const ObjectName& name, const LoadedFile& file) {
  MemorySource nothing({});
  ByteSource& content = file.content ? *file.content : nothing;
  return stager.stage_stream(name.checksum, file.header, file.size, content).added;
}

bool import_loaded(ObjectStager& stager, const LooseStore& source, const ObjectName& name,
                   LoadedFile& file, bool verify) {
  stager.check(file.header);
  ImportWay way = content_import_way(source.mode(), stager.mode(), file.header);
  if (way == ImportWay::Link) {
    if (may_link(stager, source)) {
      if (verify) require_checksum(name, hash_file(file));
      if (try_link(stager, source, name)) return true;
    }
    way = way_without_link(source.mode(), stager.mode(), file.header);
  }
  return way == ImportWay::Copy ? import_copy(stager, name, file, verify)
                                : import_reencoded(stager, name, file);
}

/// An archived file is what servers send: small ones are inflated in one go.
std::optional<ImportedObject> import_archived(ObjectStager& stager, const LooseStore& source,
                                              const ObjectName& name) {
  constexpr std::uint64_t small = 1U << 20;
  const PathAt path = source.path(name);
  const UniqueFd fd = naming(name, [&] { return try_open_regular(path); });
  if (!fd.valid()) return std::nullopt;
  const bool in_memory = static_cast<std::uint64_t>(os::stat(fd).st_size) <= small;
  const ImportedFile file = in_memory
                                ? import_filez(stager, name.checksum, os::read_file(fd, small))
                                : import_filez_file(stager, name.checksum, path);
  return ImportedObject{file.added, file.size};
}

std::optional<ImportedObject> import_content(ObjectStager& stager, const LooseStore& source,
                                             const ObjectName& name, bool verify) {
  if (source.mode() == Mode::Archive && stager.mode() != Mode::Archive)
    return import_archived(stager, source, name);
  const bool needs_look = verify || source.mode() != stager.mode() || stager.restricts_modes();
  if (!needs_look && try_link(stager, source, name)) return ImportedObject{true, 0};
  auto file = source.load_file(name.checksum);
  if (!file) return std::nullopt;
  return naming(name, [&] {
    return ImportedObject{import_loaded(stager, source, name, *file, verify), file->size};
  });
}

}  // namespace

ImportWay content_import_way(Mode from, Mode to, const FileHeader& header) {
  if (from == to) return ImportWay::Link;
  if (from == Mode::BareUser && to == Mode::BareUserOnly && !header.is_symlink() &&
      is_plain_bare_user(header))
    return ImportWay::Link;
  return way_without_link(from, to, header);
}

std::optional<ImportedObject> import_object(ObjectStager& stager, const LooseStore& source,
                                            const ObjectName& name, bool verify) {
  stager.cancel_token().check();
  if (object::is_metadata(name.type)) return import_metadata(stager, source, name, verify);
  if (name.type == ObjectType::File) return import_content(stager, source, name, verify);
  throw Error(ErrorKind::Unsupported,
              "Objects of this type are not copied between repositories: " + name.text());
}

}  // namespace xylem::repo
