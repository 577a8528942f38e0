#include "object/names/object_name.hpp"

#include <array>

namespace xylem::object {

namespace {

constexpr std::array<std::string_view, 10> extensions = {
    "",           "file",         "dirtree",     "dirmeta",         "commit", "tombstone-commit",
    "commitmeta", "payload-link", "file-xattrs", "file-xattrs-link"};

}  // namespace

bool is_metadata(ObjectType type) noexcept {
  return type >= ObjectType::DirTree && type <= ObjectType::CommitMeta;
}

std::string_view extension(ObjectType type) noexcept {
  const auto index = static_cast<std::size_t>(type);
  return index < extensions.size() ? extensions[index] : std::string_view{};
}

std::optional<ObjectType> type_from_extension(std::string_view extension) noexcept {
  for (std::size_t index = 1; index < extensions.size(); ++index)
    if (extensions[index] == extension) return static_cast<ObjectType>(index);
  return std::nullopt;
}

std::string ObjectName::text() const {
  return checksum.hex().append(".").append(extension(type));
}

}  // namespace xylem::object
