#include "tree/labels.hpp"

#include "selinux/policy.hpp"

namespace xylem::tree {

namespace {

std::string labelled_path(const std::string& path, const Labelling& labelling) {
  constexpr std::string_view usr = "/usr";
  const bool moved =
      labelling.usr_etc_as_etc && (path == "/usr/etc" || path.starts_with("/usr/etc/"));
  return moved ? path.substr(usr.size()) : path;
}

}  // namespace

void set_label(object::Xattrs& xattrs, const Labelling& labelling, const std::string& path,
               std::uint32_t mode) {
  if (!labelling) return;
  const auto label = labelling.policy->label(labelled_path(path, labelling), mode);
  if (!label) return;
  std::erase_if(xattrs,
                [](const object::Xattr& xattr) { return xattr.name == selinux::xattr_name; });
  const char* text = label->c_str();
  xattrs.push_back({selinux::xattr_name, Bytes(text, text + label->size() + 1)});
  object::canonicalize(xattrs);
}

}  // namespace xylem::tree
