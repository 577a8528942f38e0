#include "pull/downloads/pull_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "pull/downloads/abort_request.hpp"
#include "repo/disk/replace_file.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using nlohmann::json;

namespace {

constexpr std::uint64_t record_limit = 1024 * 1024;

}  // namespace

std::string format_pull_record(const PullRecord& record) {
  const json object = {{"remote", record.remote},   {"refs", record.refs},
                       {"pid", record.pid},         {"bytes", record.bytes},
                       {"started", record.started}, {"updated", record.updated}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<PullRecord> parse_pull_record(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  try {
    return PullRecord{.remote = object.at("remote"),
                      .refs = object.at("refs"),
                      .pid = object.at("pid"),
                      .bytes = object.at("bytes"),
                      .started = object.at("started"),
                      .updated = object.at("updated")};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

void write_pull_record(FileDescriptor dir, const PullRecord& record) {
  repo::replace_file({dir, pull_record_name}, as_bytes(format_pull_record(record)), false);
}

std::optional<PullRecord> read_pull_record(FileDescriptor dir) try {
  const auto text = os::try_read_file({dir, pull_record_name}, record_limit);
  return text ? parse_pull_record(as_text(*text)) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

bool is_note(std::string_view file_name) {
  return file_name == pull_record_name || file_name == abort_request_name;
}

bool has_only_notes(FileDescriptor dir) {
  const auto entries = list_directory(dir);
  return std::ranges::all_of(entries, [](const DirEntry& entry) { return is_note(entry.name); });
}

}  // namespace xylem::pull
