#include "repo/disk/object_error.hpp"

#include <fmt/format.h>

#include "object/verify.hpp"

namespace xylem::repo {

std::string missing_text(const object::ObjectName& name) {
  if (name.type == object::ObjectType::File)
    return fmt::format("Couldn't find file object '{}'", name.checksum.hex());
  return fmt::format("No such metadata object {}", name.text());
}

namespace {

std::string label(const object::ObjectName& name) {
  if (name.type == object::ObjectType::File) return "Content object " + name.checksum.hex();
  return "Object " + name.text();
}

}  // namespace

void throw_corrupt(const object::ObjectName& name, std::string_view why) {
  ErrorDetails details;
  details.object = name.text();
  throw Error(ErrorKind::Corrupt, fmt::format("{}: {}", label(name), why), std::move(details));
}

void require_checksum(const object::ObjectName& name, const Checksum& actual) {
  if (actual != name.checksum) throw_corrupt(name, object::checksum_mismatch(name, actual));
}

void name_object(Error& error, const object::ObjectName& name) {
  if (!error.details().object.empty()) return;
  error.details().object = name.text();
  error.prefix(label(name));
}

}  // namespace xylem::repo
