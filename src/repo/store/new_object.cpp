#include "repo/store/new_object.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/printable.hpp"
#include "object/file_mode.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectType;

object::ObjectType kind_to_add(const std::string& kind) {
  const auto type = object::type_from_extension(kind);
  if (type == ObjectType::File || type == ObjectType::DirTree || type == ObjectType::DirMeta ||
      type == ObjectType::Commit)
    return *type;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Objects of kind '{}' cannot be added", printable(kind)))
      .hint("the kinds are file, dirtree, dirmeta and commit");
}

void require_possible(const NewObject& object) try {
  if (kind_to_add(object.kind) != ObjectType::File) return;
  object::validate_file_mode(object.mode);
  if (S_ISLNK(object.mode) == object.symlink_target.empty())
    throw Error(ErrorKind::InvalidArgument, "A symlink has a target, and nothing else has one");
} catch (const Error& error) {
  if (error.kind() != ErrorKind::Corrupt) throw;
  throw Error(ErrorKind::InvalidArgument, error.what());
}

}  // namespace xylem::repo
