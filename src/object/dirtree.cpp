#include "object/dirtree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "object/names.hpp"
#include "object/variant.hpp"
#include "object/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char dirtree_type[] = "(a(say)a(sayay))";

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
  throw Error(ErrorKind::Corrupt, fmt::format("The dirtree entry {} {}", quoted(name), why));
}

/// Appends entries, and checks what each of them must satisfy. `read` makes one of a list's child.
template <typename Entry, typename Read>
std::vector<Entry> parse_list(GVariant* list, Read read) {
  const std::size_t count = g_variant_n_children(list);
  std::vector<Entry> entries;
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Entry entry = read(list, i);
    if (!is_valid_file_name(entry.name)) refuse(entry.name, "is not a file name");
    if (!entries.empty() && entries.back().name >= entry.name)
      refuse(entry.name, "is out of order, or comes twice");
    entries.push_back(std::move(entry));
  }
  return entries;
}

DirTree::File read_file_entry(GVariant* list, std::size_t index) {
  const char* name = nullptr;
  GVariant* checksum = nullptr;
  g_variant_get_child(list, index, "(&s@ay)", &name, &checksum);
  const GVariantPtr owned(checksum);
  return {name, checksum_of(checksum, "checksum of a file")};
}

DirTree::Dir read_dir_entry(GVariant* list, std::size_t index) {
  const char* name = nullptr;
  GVariant* tree = nullptr;
  GVariant* meta = nullptr;
  g_variant_get_child(list, index, "(&s@ay@ay)", &name, &tree, &meta);
  const GVariantPtr owned_tree(tree);
  const GVariantPtr owned_meta(meta);
  return {name, checksum_of(tree, "checksum of a dirtree"),
          checksum_of(meta, "checksum of a dirmeta")};
}

/// Both lists are sorted.
void refuse_file_that_is_dir(const DirTree& tree) {
  auto dir = tree.dirs.begin();
  for (const DirTree::File& file : tree.files) {
    while (dir != tree.dirs.end() && dir->name < file.name) ++dir;
    if (dir != tree.dirs.end() && dir->name == file.name)
      refuse(file.name, "is both a file and a directory");
  }
}

}  // namespace

DirTree parse_dirtree(ByteView bytes) {
  const GVariantPtr variant = borrow_variant(dirtree_type, bytes, "dirtree");
  DirTree tree;
  tree.files = parse_list<DirTree::File>(child(variant.get(), 0).get(), read_file_entry);
  tree.dirs = parse_list<DirTree::Dir>(child(variant.get(), 1).get(), read_dir_entry);
  refuse_file_that_is_dir(tree);
  return tree;
}

Bytes serialize_dirtree(const DirTree& tree) {
  VariantBuilder files("a(say)");
  for (const DirTree::File& file : tree.files)
    files.add(VariantBuilder("(say)").add(std::string_view(file.name)).add(file.checksum).finish());
  VariantBuilder dirs("a(sayay)");
  for (const DirTree::Dir& dir : tree.dirs)
    dirs.add(VariantBuilder("(sayay)")
                 .add(std::string_view(dir.name))
                 .add(dir.tree)
                 .add(dir.meta)
                 .finish());
  return serialize_variant(
      VariantBuilder(dirtree_type).add(files.finish()).add(dirs.finish()).finish().get());
}

}  // namespace xylem::object
