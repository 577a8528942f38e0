#include "repo/store/ingest_record.hpp"

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "repo/disk/store_layout.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr char ingest_group[] = "ingest";

std::uint32_t number_of(const KeyFile& file, const std::string& key) {
  return static_cast<std::uint32_t>(file.find_int(ingest_group, key).value_or(0));
}

IngestRecord record_of(const KeyFile& file) {
  IngestRecord record;
  record.object.kind = file.find_string(ingest_group, "kind").value_or("");
  record.object.uid = number_of(file, "uid");
  record.object.gid = number_of(file, "gid");
  record.object.mode = number_of(file, "mode");
  record.object.symlink_target = file.find_string(ingest_group, "target").value_or("");
  if (const auto total = file.find_int(ingest_group, "total"))
    record.object.total = static_cast<std::uint64_t>(*total);
  record.started = file.find_int(ingest_group, "started").value_or(0);
  return record;
}

}  // namespace

std::optional<IngestRecord> read_ingest_record(FileDescriptor dir) try {
  constexpr std::uint64_t largest_record = 64ULL * 1024;
  const auto text = os::try_read_file({dir, layout::ingest_record}, largest_record);
  if (!text) return std::nullopt;
  return record_of(KeyFile::parse(*text, layout::ingest_record));
} catch (const Error& error) {
  log_debug("An ingest has no record that can be read: {}", error.what());
  return std::nullopt;
}

void write_ingest_record(FileDescriptor dir, const IngestRecord& record) {
  KeyFile file;
  const auto set = [&](const std::string& key, const std::string& value) {
    file.set(ingest_group, key, value);
  };
  set("kind", record.object.kind);
  set("uid", std::to_string(record.object.uid));
  set("gid", std::to_string(record.object.gid));
  set("mode", std::to_string(record.object.mode));
  set("target", record.object.symlink_target);
  if (record.object.total) set("total", std::to_string(*record.object.total));
  set("started", std::to_string(record.started));
  replace_file({dir, layout::ingest_record}, as_bytes(file.text()), false);
}

}  // namespace xylem::repo
