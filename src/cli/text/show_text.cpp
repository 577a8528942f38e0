#include "cli/text/show_text.hpp"

#include <fmt/format.h>

#include "base/glib.hpp"
#include "base/printable.hpp"
#include "cli/text/object_text.hpp"
#include "cli/text/variant_text.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

struct SizeSum {
  std::uint64_t archived = 0;
  std::uint64_t unpacked = 0;
  std::size_t objects = 0;

  void add(const object::ObjectSize& size) {
    archived += size.archived;
    unpacked += size.unpacked;
    ++objects;
  }
};

/// Old commits do not say of what type an object is: those list files only.
object::ObjectName name_of(const object::ObjectSize& size) {
  const auto type = static_cast<object::ObjectType>(size.type);
  return {size.checksum, size.type == 0 ? object::ObjectType::File : type};
}

std::string size_text(std::uint64_t bytes) {
  return GStringPtr(g_format_size(bytes)).get();
}

}  // namespace

std::string file_text(const repo::Repo& repo, const Checksum& checksum) {
  const repo::LoadedFile file = repo.load_file(checksum);
  const object::FileHeader& header = file.header;
  const std::string kind =
      header.is_symlink() ? fmt::format("symlink\nTarget: {}\n", printable(header.symlink_target))
                          : fmt::format("regular\nSize: {}\n", file.size);
  const GVariantPtr xattrs = object::build_xattrs(header.xattrs);
  return fmt::format(
      "Object: {}\nType: file\nFile Type: {}Mode: 0{:04o}\nUid: {}\nGid: {}\n"
      "Extended Attributes: {{ {} }}\n",
      checksum.hex(), kind, header.mode, header.uid, header.gid, variant_text(xattrs.get(), false));
}

std::string sizes_text(const repo::Repo& repo, const Checksum& commit) {
  const auto sizes = object::sizes_of(repo.load_commit(commit));
  if (sizes.empty())
    throw Error(ErrorKind::NotFound, "No metadata key ostree.sizes in commit")
        .hint("Commit with --generate-sizes into an archive repository.");
  SizeSum all;
  SizeSum missing;
  for (const object::ObjectSize& size : sizes) {
    all.add(size);
    if (!repo.has(name_of(size))) missing.add(size);
  }
  return fmt::format(
      "Compressed size (needed/total): {}/{}\nUnpacked size (needed/total): {}/{}\n"
      "Number of objects (needed/total): {}/{}\n",
      size_text(missing.archived), size_text(all.archived), size_text(missing.unpacked),
      size_text(all.unpacked), missing.objects, all.objects);
}

std::string related_text(const repo::Repo& repo, const Checksum& commit) {
  constexpr auto type = object::ObjectType::Commit;
  const GVariantPtr value = object_variant(type, repo.load_metadata({commit, type}));
  const GVariantPtr related = object::child(value.get(), 2);
  std::string text;
  for (std::size_t i = 0; i < g_variant_n_children(related.get()); ++i) {
    const GVariantPtr entry = object::child(related.get(), i);
    const GVariantPtr name = object::child(entry.get(), 0);
    const GVariantPtr checksum = object::child(entry.get(), 1);
    text += fmt::format("{} {}\n", printable(object::text_of(name.get())),
                        object::checksum_of(checksum.get(), "related commit").hex());
  }
  return text;
}

}  // namespace xylem::cli
