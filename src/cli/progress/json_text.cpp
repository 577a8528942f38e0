#include "cli/progress/json_text.hpp"

#include <cstdio>

namespace xylem::cli {

namespace {

void add_details(Json& object, const ErrorDetails& details) {
  const auto add_text = [&](const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
  };
  add_text("object", details.object);
  add_text("url", details.url);
  add_text("path", details.path);
  add_text("hint", details.hint);
  if (details.http_status != 0) object["http_status"] = details.http_status;
  if (details.needed_bytes) object["needed_bytes"] = *details.needed_bytes;
  if (details.available_bytes) object["available_bytes"] = *details.available_bytes;
}

}  // namespace

void print_json_line(const Json& object) {
  const std::string line = object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

Json json_of(const std::exception& error) {
  Json object{{"kind", "other"}, {"message", error.what()}};
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    object["kind"] = name(ours->kind());
    add_details(object, ours->details());
  }
  return object;
}

Json json_of(const ErrorList& failures) {
  Json list = Json::array();
  for (const Error& error : failures.errors()) list.push_back(json_of(error));
  return list;
}

}  // namespace xylem::cli
