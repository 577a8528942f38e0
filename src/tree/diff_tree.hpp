#pragma once

/// \file
/// A directory that can be compared, wherever it is.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "tree/disk_checksum.hpp"
#include "tree/walk.hpp"

namespace xylem::tree {

class DiffTree {
 public:
  virtual ~DiffTree() = default;

  /// Names of all entries, sorted, files first; whether each is a directory.
  struct Entry {
    std::string name;
    bool is_dir = false;
  };
  virtual std::vector<Entry> entries() const = 0;
  /// nullopt if there is no such entry.
  virtual std::optional<Entry> find(const std::string& name) const = 0;
  /// Of the content object, or for a directory of its dirmeta.
  virtual Checksum checksum(const Entry& entry) const = 0;
  virtual std::unique_ptr<DiffTree> open(const Entry& entry) const = 0;
  /// How the entry is called in the result.
  virtual std::string path(const Entry& entry) const = 0;
  /// The dirtree, if it is one of a commit: equal ones need no look inside.
  virtual std::optional<Checksum> identity() const = 0;
};

std::unique_ptr<DiffTree> open_commit(const repo::Repo& repo, const Checksum& commit);
std::unique_ptr<DiffTree> open_directory(const std::string& path,
                                         const DiskChecksumOptions& options);

}  // namespace xylem::tree
