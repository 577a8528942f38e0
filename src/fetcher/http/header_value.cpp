#include "fetcher/http/header_value.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem::fetcher {

bool is_header_value(std::string_view value) noexcept {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
}

void check_header_value(std::string_view name, std::string_view value) {
  if (is_header_value(value)) return;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("The value of header {} contains a line break", name))
      .hint("a value is one line: check for a line break at its end");
}

}  // namespace xylem::fetcher
