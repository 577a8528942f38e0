#include "fetcher/download/download_record.hpp"

#include <nlohmann/json.hpp>

#include "base/os/os.hpp"
#include "fetcher/download/download_name.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

using nlohmann::json;

namespace {

constexpr std::uint64_t record_limit = 64 * 1024;

}  // namespace

std::string format_record(const DownloadRecord& record) {
  json object = {{"url", record.url},
                 {"etag", record.validators.etag},
                 {"last_modified", record.validators.last_modified},
                 {"started", record.started},
                 {"updated", record.updated}};
  if (record.total) object["total"] = *record.total;
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<DownloadRecord> parse_record(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  try {
    DownloadRecord record{
        .url = object.at("url"),
        .validators = {.etag = object.at("etag"), .last_modified = object.at("last_modified")},
        .started = object.at("started"),
        .updated = object.at("updated")};
    if (object.contains("total")) record.total = object.at("total").get<std::uint64_t>();
    return record;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<DownloadRecord> read_record(FileDescriptor dir, std::string_view name) try {
  const auto text = os::try_read_file({dir, record_name(name)}, record_limit);
  return text ? parse_record(as_text(*text)) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

std::string strong_validator(const Validators& validators) {
  return validators.etag.starts_with('"') ? validators.etag : "";
}

}  // namespace xylem::fetcher
