#pragma once

/// \file
/// Room `repo/keep`: what programs want kept in a repository, and what they note about its objects:
/// leases, labels. Knows nothing of transactions, prune, refs.
///
/// Small key files beside the objects, all changed in the same way. An unknown key or group in a
/// file, which a newer xylem wrote, survives each change.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "repo/repo.hpp"

namespace xylem::repo {

/// A directory of such files. Borrows the repository. Any number of processes may change it.
class Extras {
 public:
  Extras(const Repo& repo, std::string directory) : repo_(repo), directory_(std::move(directory)) {}

  /// Sorted. Half-written files are none.
  std::vector<std::string> names() const;
  bool has(const std::string& name) const;
  /// Empty if there is no such file. Throws Error(Corrupt) for one that is no key file.
  KeyFile load(const std::string& name) const;

  /// Reads the file, or begins with an empty one, calls `change`, and writes the result durably,
  /// all under the lock of the directory; a file without groups is removed. What `change` throws
  /// leaves it as it was.
  void edit(const std::string& name, const std::function<void(KeyFile&)>& change);
  /// Durably. False if it was not there.
  bool remove(const std::string& name);

 private:
  UniqueFd open_to_edit() const;
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  const Repo& repo_;
  std::string directory_;
};

/// Names that people and programs choose for things that become files: letters, digits and
/// "._:@+-", at most 100, without a dot in front. Throws Error(InvalidArgument) that calls it
/// `what`.
void require_file_name(std::string_view what, std::string_view name);

/// "<checksum>.<type>". Throws Error(InvalidArgument).
object::ObjectName parse_object_name(std::string_view text);
/// Throws Error(NotFound) unless the repository itself, and not a parent, has the object.
void require_own(const Repo& repo, const object::ObjectName& name);

}  // namespace xylem::repo
