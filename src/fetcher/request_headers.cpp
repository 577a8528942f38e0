#include "fetcher/request_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "fetcher/http/header_value.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

bool is_token_letter(char letter) {
  return letter > ' ' && letter < 0x7f &&
         std::string_view("\"(),/:;<=>?@[\\]{}").find(letter) == std::string_view::npos;
}

void append(CurlList& list, std::string_view name, std::string_view value) {
  // curl takes "Name:" for "do not send", and "Name;" for an empty value.
  list.append(value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
}

void append_conditions(CurlList& list, const Validators& validators) {
  if (!validators.etag.empty() && is_header_value(validators.etag))
    append(list, "If-None-Match", validators.etag);
  else if (!validators.last_modified.empty())
    append(list, "If-Modified-Since", validators.last_modified);
}

}  // namespace

void check_headers(const HeaderList& headers) {
  for (const auto& [name, value] : headers) {
    if (name.empty() || !std::ranges::all_of(name, is_token_letter))
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("\"{}\" is not a valid header name", name));
    check_header_value(name, value);
  }
}

CurlList request_headers(const HeaderList& users, bool trusted, const Request& request,
                         const ResumePoint& point) {
  CurlList list;
  if (trusted)
    for (const auto& [name, value] : users) append(list, name, value);
  if (request.unless_modified) append_conditions(list, *request.unless_modified);
  if (request.no_cache) {
    append(list, "Cache-Control", "no-cache");
    append(list, "Pragma", "no-cache");
  }
  const std::string validator = point.offset == 0 ? "" : point.validator();
  // From a record on disk, which somebody may have written.
  if (!validator.empty() && is_header_value(validator)) append(list, "If-Range", validator);
  return list;
}

}  // namespace xylem::fetcher
