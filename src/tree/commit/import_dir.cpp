#include "tree/commit/import_dir.hpp"

#include <fmt/format.h>

#include "base/os/directory.hpp"
#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "tree/disk_metadata.hpp"
#include "tree/labels.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

using SharedFd = std::shared_ptr<const UniqueFd>;

SharedFd share(UniqueFd fd) {
  return std::make_shared<const UniqueFd>(std::move(fd));
}

/// A regular file or symlink on its way into the repository.
struct FileImport {
  SharedFd dir;
  std::string name;
  std::string path;
  Ownership ownership;                         ///< After the filter.
  std::optional<object::Xattrs> known_xattrs;  ///< Do not ask the file.
  bool adopt = false;                          ///< The file may become the object itself.
  Checksum* slot = nullptr;
};

Checksum write_regular(ImportContext& context, const FileImport& file) {
  const PathAt path{*file.dir, file.name};
  const UniqueFd fd = open_regular(path);
  object::Xattrs xattrs;
  if (context.keeps_xattrs()) xattrs = file.known_xattrs ? *file.known_xattrs : read_xattrs(fd);
  set_label(xattrs, context.request.modifier.labelling, file.path, file.ownership.mode);
  const object::FileHeader header = make_header(file.ownership, std::move(xattrs));
  if (file.adopt)
    if (const auto adopted = context.writer.adopt_file(path, header)) return *adopted;
  FdSource content(fd);
  return context.writer.write_file(header, static_cast<std::uint64_t>(os::stat(fd).st_size),
                                   content);
}

Checksum write_symlink(ImportContext& context, const FileImport& file) {
  const PathAt path{*file.dir, file.name};
  auto header = make_header(file.ownership, {});
  if (context.keeps_xattrs()) header.xattrs = read_xattrs(path);
  set_label(header.xattrs, context.request.modifier.labelling, file.path, file.ownership.mode);
  header.symlink_target = os::read_link(path);
  MemorySource nothing({});
  return context.writer.write_file(header, 0, nothing);
}

class DirImporter {
 public:
  explicit DirImporter(ImportContext& context) : context_(context) {}

  void import(const SharedFd& dir, const std::string& path, MutableTree& tree, SeenDir& seen,
              unsigned depth);

 private:
  struct Entry {
    const SharedFd& dir;
    const std::string& name;
    const std::string& path;
    const struct stat& info;
  };

  void import_entry(const Entry& entry, MutableTree& tree, SeenDir& seen, unsigned depth);
  void import_subdir(const Entry& entry, MutableTree& tree, SeenDir& seen, unsigned depth);
  bool import_file(const Entry& entry, MutableTree& tree);
  bool take_as_stored(const Entry& entry, const std::optional<Checksum>& object, MutableTree& tree);
  bool consumes() const { return context_.request.modifier.consume; }
  bool keeps_attributes();
  bool may_adopt(bool as_it_was);
  void submit(FileImport file);

  ImportContext& context_;
};

void DirImporter::import(const SharedFd& dir, const std::string& path, MutableTree& tree,
                         SeenDir& seen, unsigned depth) {
  check_depth(depth, path);
  context_.request.cancel.check();
  seen.info = os::stat(*dir);
  if (consumes()) require_other(seen.info, path, context_.repo().dir());
  Ownership ownership = ownership_of(seen.info);
  if (!context_.filter.apply(path, ownership)) return;
  auto xattrs = context_.keeps_xattrs() ? read_xattrs(*dir) : object::Xattrs{};
  set_label(xattrs, context_.request.modifier.labelling, path, ownership.mode);
  tree.set_meta(context_.writer.write_dirmeta(make_dirmeta(ownership, std::move(xattrs))));

  for (const DirEntry& found : list_directory(*dir)) {
    const auto info = os::try_stat({*dir, found.name});
    if (info)
      import_entry({dir, found.name, child_path(path, found.name), *info}, tree, seen, depth);
  }
}

void DirImporter::import_entry(const Entry& entry, MutableTree& tree, SeenDir& seen,
                               unsigned depth) {
  if (S_ISDIR(entry.info.st_mode)) return import_subdir(entry, tree, seen, depth);
  if (import_file(entry, tree) && consumes()) seen.files.push_back({entry.name, entry.info});
}

void DirImporter::import_subdir(const Entry& entry, MutableTree& tree, SeenDir& seen,
                                unsigned depth) {
  // libostree asks its filter twice for a directory, here and inside. This answer counts only for
  // leaving it out, and uses up a statoverride: no directory but the root ever gets added bits.
  Ownership ignored = ownership_of(entry.info);
  if (!context_.filter.apply(entry.path, ignored)) return;
  MutableTree& child = tree.add_dir(entry.name);
  auto dir = share(os::open({*entry.dir, entry.name}, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  SeenDir below{.name = entry.name};
  import(dir, entry.path, child, below, depth + 1);
  if (consumes()) seen.dirs.push_back(std::move(below));
}

/// False if the filter leaves it out.
bool DirImporter::import_file(const Entry& entry, MutableTree& tree) {
  const auto object = context_.devino ? context_.devino->find(entry.info) : std::nullopt;
  if (take_as_stored(entry, object, tree)) return true;

  FileImport file{.dir = entry.dir,
                  .name = entry.name,
                  .path = entry.path,
                  .ownership = ownership_of(entry.info)};
  if (object && context_.repo().mode() == repo::Mode::BareUser) {
    // Owner, mode and xattrs are not those on disk but those that the object carries.
    object::FileHeader header = context_.repo().load_file(*object).header;
    file.ownership = ownership_of(header);
    file.known_xattrs = std::move(header.xattrs);
  }
  const Ownership before = file.ownership;
  if (!context_.filter.apply(entry.path, file.ownership)) return false;
  if (!S_ISREG(entry.info.st_mode) && !S_ISLNK(entry.info.st_mode))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Unsupported file type for file: '{}'", entry.path),
                {.path = entry.path,
                 .hint = "a commit holds files, directories and symlinks; leave this one out with "
                         "--skip-list"});

  file.slot = &tree.add_file(entry.name);
  const bool as_it_was = file.ownership == before && keeps_attributes();
  if (object && as_it_was) {
    *file.slot = *object;
    ++context_.cache_hits;
  } else {
    file.adopt = may_adopt(as_it_was);
    submit(std::move(file));
  }
  return true;
}

/// Whether files go in with the extended attributes that they have.
bool DirImporter::keeps_attributes() {
  return context_.keeps_xattrs() && !context_.request.modifier.labelling;
}

/// A bare-user-only repository keeps no more than a mode, which it can set.
bool DirImporter::may_adopt(bool as_it_was) {
  if (!consumes()) return false;
  return as_it_was || context_.repo().mode() == repo::Mode::BareUserOnly;
}

bool DirImporter::take_as_stored(const Entry& entry, const std::optional<Checksum>& object,
                                 MutableTree& tree) {
  if (!object || !context_.request.modifier.devino_canonical) return false;
  tree.add_file(entry.name) = *object;
  ++context_.cache_hits;
  return true;
}

void DirImporter::submit(FileImport file) {
  context_.pool.submit(
      [&context = context_, file = std::make_shared<const FileImport>(std::move(file))] {
        context.request.cancel.check();
        *file->slot = S_ISLNK(file->ownership.mode) ? write_symlink(context, *file)
                                                    : write_regular(context, *file);
      });
}

}  // namespace

void import_dir(ImportContext& context, const std::string& path, MutableTree& tree) {
  DirImporter importer(context);
  const SharedFd dir = share(os::open_dir({FileDescriptor::cwd(), path}));
  SeenDir seen{.name = path};
  importer.import(dir, "/", tree, seen, 0);
  context.pool.wait();
  context.seen.push_back(std::move(seen));
}

}  // namespace xylem::tree
