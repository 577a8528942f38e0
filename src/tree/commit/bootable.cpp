#include "tree/commit/bootable.hpp"

#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

MutableTree* find_modules(MutableTree& tree) {
  MutableTree* dir = &tree;
  for (const char* name : {"usr", "lib", "modules"}) {
    dir = dir->find_dir(name);
    if (dir == nullptr) break;
  }
  return dir;
}

std::string kernel_version(MutableTree& tree) {
  MutableTree* modules = find_modules(tree);
  std::string version;
  for (const std::string& name : modules ? modules->dir_names() : std::vector<std::string>{}) {
    if (!modules->find_dir(name)->contains("vmlinuz")) continue;
    if (!version.empty())
      throw Error(ErrorKind::InvalidArgument, "Multiple kernels found in /usr/lib/modules");
    version = name;
  }
  if (version.empty())
    throw Error(ErrorKind::NotFound,
                "No kernel found in /usr/lib/modules: No such file or directory",
                {.hint = "install one as /usr/lib/modules/VERSION/vmlinuz"});
  return version;
}

}  // namespace

object::Dict add_bootable(const object::Dict& metadata, MutableTree& tree) {
  const std::string version = kernel_version(tree);
  // Through a GVariantDict, as libostree does: it decides the order of the keys.
  GVariantDict dict;
  g_variant_dict_init(&dict, metadata.get());
  g_variant_dict_insert(&dict, "ostree.bootable", "b", TRUE);
  g_variant_dict_insert(&dict, "ostree.linux", "s", version.c_str());
  return object::Dict(take_variant(g_variant_dict_end(&dict)));
}

}  // namespace xylem::tree
