#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/codec/checksum.hpp"
#include "tree/mutable_tree.hpp"

namespace xylem::tree {

/// Hard links of an archive, put into the tree after everything else: they may come before the file
/// that they name, and in cpio the last of them brings the content of all.
class HardLinks {
 public:
  /// `path` is another name of `target`; both relative to the root.
  void add(const std::string& path, const std::string& target) { links_[path] = target; }
  /// `path` is a file of its own, whatever it was before.
  void forget(const std::string& path) { links_.erase(path); }
  /// `path` brought the content that `target`, too, shall have.
  void add_content(const std::string& path, const std::string& target) { contents_[target] = path; }

  /// Throws Error(NotFound) or Error(InvalidArgument) that names a target that does not exist, is a
  /// directory, or leads back to itself.
  void put_into(MutableTree& root);

 private:
  Checksum resolve(MutableTree& root, const std::string& path);

  std::map<std::string, std::string> links_;     ///< Path → what it is a name of.
  std::map<std::string, std::string> contents_;  ///< Path → where its content is.
};

}  // namespace xylem::tree
