#include "repo/disk/object_error.hpp"

#include <fmt/format.h>

namespace xylem::repo {

void throw_corrupt(const object::ObjectName& name, std::string_view why) {
  ErrorDetails details;
  details.object = name.text();
  throw Error(ErrorKind::Corrupt, fmt::format("Object {}: {}", name.text(), why),
              std::move(details));
}

void require_checksum(const object::ObjectName& name, const Checksum& actual) {
  if (actual != name.checksum)
    throw_corrupt(name, fmt::format("its content has the checksum {}", actual.hex()));
}

void name_object(Error& error, const object::ObjectName& name) {
  if (!error.details().object.empty()) return;
  error.details().object = name.text();
  error.prefix("Object " + name.text());
}

}  // namespace xylem::repo
