#pragma once

#include <memory>
#include <string>

#include "object/xattrs.hpp"

namespace xylem::selinux {
class Policy;
}

namespace xylem::tree {

/// The SELinux labels that a tree gets.
struct Labelling {
  std::shared_ptr<const selinux::Policy> policy;  ///< Null: files keep the labels that they have.
  /// Look up what is in /usr/etc as if it were in /etc, where it will be.
  bool usr_etc_as_etc = false;

  explicit operator bool() const { return policy != nullptr; }
};

/// Gives the file that the policy knows as `path` the label for it, in place of its own. Without a
/// policy, or if that says nothing about the path, changes nothing. `mode` has its type bits.
void set_label(object::Xattrs& xattrs, const Labelling& labelling, const std::string& path,
               std::uint32_t mode);

}  // namespace xylem::tree
