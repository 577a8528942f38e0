#include "cli/objects/open_store.hpp"

#include <fmt/format.h>

#include <ctime>

#include "cli/time/parse_time.hpp"
#include "object/names/object_name.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

bool is_object_name(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != text.npos && Checksum::from_hex(text.substr(0, dot)) &&
         object::type_from_extension(text.substr(dot + 1));
}

}  // namespace

ObjectStore open_store(const Globals& globals) {
  return ObjectStore::open(open_repo(globals).path());
}

std::string object_argument(const Globals& globals, const std::string& text) {
  if (is_object_name(text)) return text;
  const Checksum commit = repo::resolve_rev(open_repo(globals), text);
  return object::ObjectName{commit, object::ObjectType::Commit}.text();
}

std::vector<std::string> object_arguments(const Globals& globals,
                                          const std::vector<std::string>& texts) {
  std::vector<std::string> objects;
  for (const std::string& text : texts) objects.push_back(object_argument(globals, text));
  return objects;
}

std::optional<std::int64_t> time_argument(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text, std::time(nullptr));
  if (!time) throw Error(ErrorKind::InvalidArgument, fmt::format("Could not parse '{}'", text));
  return time;
}

}  // namespace xylem::cli
