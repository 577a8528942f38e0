#include "tree/commit/hard_links.hpp"

#include <fmt/format.h>

#include "object/names/names.hpp"
#include "tree/commit/archive_path.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

struct Position {
  MutableTree* dir = nullptr;  ///< Null: there is no such directory.
  std::string name;
};

Position find_position(MutableTree& root, const std::string& path) {
  std::vector<std::string> names = archive_path_names(path);
  if (names.empty()) return {};
  Position position{&root, std::move(names.back())};
  names.pop_back();
  for (const std::string& name : names) {
    position.dir = position.dir->find_dir(name);
    if (position.dir == nullptr) break;
  }
  return position;
}

Checksum require_file(MutableTree& root, const std::string& path) {
  const Position position = find_position(root, path);
  if (position.dir != nullptr) {
    if (const auto checksum = position.dir->find_file(position.name)) return *checksum;
    if (position.dir->find_dir(position.name) != nullptr)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("Expected hardlink file target at {} but found a directory",
                              object::quoted(path)));
  }
  throw Error(ErrorKind::NotFound, fmt::format("No such file or directory: {}", path));
}

void set_file(MutableTree& root, const std::string& path, const Checksum& checksum) {
  const Position position = find_position(root, path);
  if (position.dir == nullptr)
    throw Error(ErrorKind::NotFound, fmt::format("No such file or directory: {}", path));
  position.dir->add_file(position.name) = checksum;
}

}  // namespace

void HardLinks::put_into(MutableTree& root) {
  for (const auto& [target, path] : contents_) set_file(root, target, require_file(root, path));
  while (!links_.empty()) {
    const std::string path = links_.begin()->first;
    try {
      resolve(root, path);
    } catch (Error& error) {
      throw error.prefix(fmt::format("Hard link {}", object::quoted(path)));
    }
  }
}

/// Follows the chain to the file at its end, without recursion: chains may be long. Gives the file
/// to all links on the way, which are then done; so each is followed once.
Checksum HardLinks::resolve(MutableTree& root, const std::string& path) {
  std::vector<std::string> chain;
  std::string current = path;
  for (auto link = links_.find(current); link != links_.end(); link = links_.find(current)) {
    chain.push_back(current);
    current = std::move(link->second);
    links_.erase(link);
  }
  const Checksum checksum = require_file(root, current);
  for (const std::string& name : chain) set_file(root, name, checksum);
  return checksum;
}

}  // namespace xylem::tree
