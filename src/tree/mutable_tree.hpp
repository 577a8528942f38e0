#pragma once

/// \file
/// A directory tree that is being put together from several sources.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tree/object_writer.hpp"
#include "tree/walk.hpp"

namespace xylem::tree {

/// One directory. Subtrees taken from a commit are loaded when somebody changes something in them,
/// and keep their checksum otherwise. One thread at a time, but for the slots that add_file()
/// returns: they may be filled from anywhere until write().
class MutableTree {
 public:
  explicit MutableTree(const repo::Repo& repo) : repo_(repo) {}
  MutableTree(const MutableTree&) = delete;
  MutableTree& operator=(const MutableTree&) = delete;

  /// Becomes this directory of a commit; false, and nothing done, unless it is empty.
  bool try_fill(const DirNode& node);
  void set_meta(const Checksum& meta);
  const std::optional<Checksum>& meta() const { return meta_; }

  /// Where the checksum of the file `name` goes; valid as long as the tree. Throws
  /// Error(InvalidArgument) for a bad name or in place of a directory.
  Checksum& add_file(const std::string& name);
  /// The directory `name`, made if it is missing. Throws Error(InvalidArgument) for a bad name or
  /// in place of a file.
  MutableTree& add_dir(const std::string& name);

  /// What add_file() put there; nullopt if there is no such file.
  std::optional<Checksum> find_file(const std::string& name);
  /// Null if there is no such directory.
  MutableTree* find_dir(const std::string& name);
  bool contains(const std::string& name);
  std::vector<std::string> dir_names();

  /// Writes the dirtrees that are new and returns the root's node. Throws Error(InvalidArgument)
  /// for a directory that nobody gave metadata, as an empty root is.
  DirNode write(ObjectWriter& writer);

 private:
  MutableTree(const repo::Repo& repo, MutableTree* parent) : repo_(repo), parent_(parent) {}
  void load();
  void invalidate();
  void check_name(const std::string& name) const;
  /// From the root, for messages: "/usr/bin/env".
  std::string path_of(const std::string& name) const;

  const repo::Repo& repo_;
  MutableTree* parent_ = nullptr;
  std::optional<Checksum> meta_;
  std::optional<Checksum> contents_;  ///< The dirtree that this is, as long as nothing changed.
  bool loaded_ = true;                ///< Whether the maps say what is in contents_.
  std::map<std::string, Checksum> files_;
  std::map<std::string, std::unique_ptr<MutableTree>> dirs_;
};

}  // namespace xylem::tree
