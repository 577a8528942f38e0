#include "cli/progress_json.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

using Json = nlohmann::ordered_json;

void print(const Json& object) {
  // Names and messages may hold bytes that are not UTF-8.
  const std::string line = object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Json ref_object(const PulledRef& ref) {
  return {{"ref", ref.ref}, {"commit", ref.commit}, {"changed", ref.changed}};
}

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

void JsonDisplay::on_progress(const PullProgress& progress) {
  Json object{{"event", "progress"},
              {"phase", name(progress.phase)},
              {"elapsed", seconds(progress.elapsed)},
              {"bytes_transferred", progress.bytes_transferred},
              {"metadata_fetched", progress.metadata_fetched},
              {"metadata_requested", progress.metadata_requested},
              {"content_fetched", progress.content_fetched},
              {"content_requested", progress.content_requested},
              {"content_imported", progress.content_imported},
              {"scanned_metadata", progress.scanned_metadata}};
  if (progress.bytes_expected) object["bytes_expected"] = *progress.bytes_expected;
  print(object);
}

void JsonDisplay::on_message(const std::string& text) {
  print({{"event", "message"}, {"text", text}});
}

void JsonDisplay::finish(const PullResult& result) {
  Json refs = Json::array();
  for (const PulledRef& ref : result.refs) refs.push_back(ref_object(ref));
  Json object{{"event", "done"},
              {"refs", refs},
              {"elapsed", seconds(result.elapsed)},
              {"bytes_transferred", result.bytes_transferred},
              {"bytes_written", result.bytes_written},
              {"metadata_fetched", result.metadata_fetched},
              {"content_fetched", result.content_fetched},
              {"metadata_imported", result.metadata_imported},
              {"content_imported", result.content_imported},
              {"content_requested", result.content_requested}};
  if (result.bytes_expected) object["bytes_expected"] = *result.bytes_expected;
  print(object);
}

void JsonDisplay::fail(const std::exception& error) {
  Json object{{"event", "error"}, {"kind", "other"}, {"message", error.what()}};
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    object["kind"] = name(ours->kind());
    add_details(object, ours->details());
  }
  print(object);
}

}  // namespace xylem::cli
