#include "tree/commit/import_archive.hpp"

#include <fmt/format.h>

#include "archive/reader.hpp"
#include "base/os/os.hpp"
#include "base/path.hpp"
#include "object/names/names.hpp"
#include "tree/commit/archive_path.hpp"
#include "tree/commit/hard_links.hpp"
#include "tree/disk_metadata.hpp"
#include "tree/labels.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

constexpr std::uint32_t default_dir_mode = S_IFDIR | 0755U;

class ArchiveImporter {
 public:
  ArchiveImporter(ImportContext& context, archive::Reader& reader, MutableTree& root)
      : context_(context), options_(context.request.archives), reader_(reader), root_(root) {}

  void run();

 private:
  struct Place {
    MutableTree* parent = nullptr;  ///< Null for the root.
    std::string name;
    std::string path;  ///< "/usr/bin".
  };

  void import_entry(archive::Entry entry);
  std::string final_path(const std::string& name) const;
  Place find_place(const std::string& path, const archive::Entry& entry);
  static void enter(Place& place, const std::string& name);
  void create_parents(const std::vector<std::string>& names, const archive::Entry& entry);
  void write_meta(MutableTree& dir, const std::string& path, const Ownership& ownership,
                  object::Xattrs xattrs);
  void import_directory(const Place& place, const Ownership& ownership, archive::Entry& entry);
  void import_content(const Place& place, const Ownership& ownership, archive::Entry& entry);
  void import_hard_link(const Place& place, const std::string& path, const Ownership& ownership,
                        archive::Entry& entry);
  object::Xattrs xattrs_of(archive::Entry& entry);
  void require_root();

  ImportContext& context_;
  const ArchiveOptions& options_;
  archive::Reader& reader_;
  MutableTree& root_;
  HardLinks links_;
};

void ArchiveImporter::run() {
  while (auto entry = reader_.next()) {
    context_.request.cancel.check();
    const std::string path = entry->path;
    try {
      import_entry(std::move(*entry));
    } catch (Error& error) {
      throw error.prefix(fmt::format("Importing {} of the archive", object::quoted(path)));
    }
  }
  links_.put_into(root_);
  if (options_.autocreate_parents && !root_.meta()) require_root();
}

void ArchiveImporter::import_entry(archive::Entry entry) {
  const std::string path = final_path(entry.path);
  Ownership ownership{entry.uid, entry.gid, entry.mode};
  if (!context_.filter.apply(child_path("/", path), ownership)) return;
  const Place place = find_place(path, entry);
  if (S_ISDIR(entry.mode)) return import_directory(place, ownership, entry);
  if (!S_ISREG(entry.mode) && !S_ISLNK(entry.mode))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Unsupported file type for path {}", object::quoted(path)),
                {.hint = "a commit holds files, directories and symlinks; leave this one out with "
                         "--skip-list"});
  if (place.parent == nullptr)
    throw Error(ErrorKind::InvalidArgument, "The root of a tree must be a directory");
  if (!entry.hardlink.empty()) return import_hard_link(place, path, ownership, entry);
  links_.forget(path);
  import_content(place, ownership, entry);
}

std::string ArchiveImporter::final_path(const std::string& name) const {
  std::string path = archive_path(name);
  if (options_.rename) path = options_.rename(path);
  return without_trailing_slashes(std::move(path));
}

ArchiveImporter::Place ArchiveImporter::find_place(const std::string& path,
                                                   const archive::Entry& entry) {
  std::vector<std::string> names = archive_path_names(path);
  if (names.empty()) return {nullptr, "", "/"};
  Place place{&root_, std::move(names.back()), "/"};
  names.pop_back();
  if (options_.autocreate_parents) create_parents(names, entry);
  for (const std::string& name : names) enter(place, name);
  place.path = child_path(place.path, place.name);
  return place;
}

void ArchiveImporter::enter(Place& place, const std::string& name) {
  place.path = child_path(place.path, name);
  place.parent = place.parent->find_dir(name);
  if (place.parent == nullptr)
    throw Error(ErrorKind::NotFound, fmt::format("No such file or directory: {}", name),
                {.hint = "the archive lacks this directory; make it with "
                         "--tar-autocreate-parents"});
}

/// If one is missing, libostree makes all anew: those that are there get the entry's owner, too.
void ArchiveImporter::create_parents(const std::vector<std::string>& names,
                                     const archive::Entry& entry) {
  MutableTree* found = &root_;
  for (const std::string& name : names)
    if (found != nullptr) found = found->find_dir(name);
  if (found != nullptr) return;
  const Ownership ownership{entry.uid, entry.gid, default_dir_mode};
  write_meta(root_, "/", ownership, {});
  MutableTree* dir = &root_;
  std::string path = "/";
  for (const std::string& name : names) {
    path = child_path(path, name);
    dir = &dir->add_dir(name);
    write_meta(*dir, path, ownership, {});
  }
}

void ArchiveImporter::write_meta(MutableTree& dir, const std::string& path,
                                 const Ownership& ownership, object::Xattrs xattrs) {
  set_label(xattrs, context_.request.modifier.labelling, path, ownership.mode);
  dir.set_meta(context_.writer.write_dirmeta(make_dirmeta(ownership, std::move(xattrs))));
}

void ArchiveImporter::import_directory(const Place& place, const Ownership& ownership,
                                       archive::Entry& entry) {
  MutableTree& dir = place.parent == nullptr ? root_ : place.parent->add_dir(place.name);
  write_meta(dir, place.path, ownership, xattrs_of(entry));
}

void ArchiveImporter::import_content(const Place& place, const Ownership& ownership,
                                     archive::Entry& entry) {
  Checksum& slot = place.parent->add_file(place.name);
  object::FileHeader header = make_header(ownership, xattrs_of(entry));
  set_label(header.xattrs, context_.request.modifier.labelling, place.path, ownership.mode);
  MemorySource nothing({});
  if (S_ISLNK(entry.mode)) {
    header.symlink_target = std::move(entry.symlink);
    slot = context_.writer.write_file(header, 0, nothing);
  } else {
    slot = context_.writer.write_file(header, entry.size, reader_);
  }
}

void ArchiveImporter::import_hard_link(const Place& place, const std::string& path,
                                       const Ownership& ownership, archive::Entry& entry) {
  const std::string target = final_path(entry.hardlink);
  if (entry.size == 0) return links_.add(path, target);
  links_.forget(path);
  import_content(place, ownership, entry);
  links_.add_content(path, target);
}

object::Xattrs ArchiveImporter::xattrs_of(archive::Entry& entry) {
  object::Xattrs xattrs;
  if (!context_.keeps_xattrs()) return xattrs;
  for (archive::EntryXattr& xattr : entry.xattrs)
    xattrs.push_back({std::move(xattr.name), std::move(xattr.value)});
  object::canonicalize(xattrs);
  return xattrs;
}

/// Nothing was imported: container layers may consist of metadata alone.
void ArchiveImporter::require_root() {
  Ownership ownership{0, 0, default_dir_mode};
  context_.filter.apply("/", ownership);
  write_meta(root_, "/", ownership, {});
}

}  // namespace

void import_archive(ImportContext& context, const std::string& path, MutableTree& tree) {
  const bool standard_input = path == "-";
  const UniqueFd file = standard_input ? os::duplicate(FileDescriptor(STDIN_FILENO))
                                       : os::open({FileDescriptor::cwd(), path}, O_RDONLY);
  archive::Reader reader(file, standard_input ? "from standard input" : path);
  ArchiveImporter(context, reader, tree).run();
}

}  // namespace xylem::tree
