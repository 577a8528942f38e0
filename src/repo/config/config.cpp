#include "repo/config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr char core[] = "core";

[[noreturn]] void refuse(std::string_view key, const std::string& value, std::string_view rule) {
  throw Error(
      ErrorKind::InvalidArgument,
      fmt::format("{} = {} in the repository's config: {}", key, object::quoted(value), rule),
      {.hint = "correct the repository's config file"});
}

bool flag(const KeyFile& file, const std::string& key, bool otherwise) {
  return file.find_bool(core, key).value_or(otherwise);
}

void check_version(const KeyFile& file) {
  const std::string version = file.find_string(core, "repo_version").value_or("");
  if (version != "1") refuse("core.repo_version", version, "only version 1 is known");
  if (flag(file, "archive", false))
    refuse("core.archive", "true", "this kind of archive has been given up; use mode=archive-z2");
}

Mode mode_of(const KeyFile& file) {
  const std::string text = file.find_string(core, "mode").value_or("bare");
  const auto mode = parse_mode(text);
  if (!mode)
    refuse("core.mode", text,
           "the modes are archive, bare, bare-user, bare-user-only and bare-split-xattrs");
  return *mode;
}

std::optional<std::string> non_empty(const KeyFile& file, const std::string& key) {
  const std::string text = file.find_string(core, key).value_or("");
  return text.empty() ? std::nullopt : std::make_optional(text);
}

/// -1 waits for ever, -2 is libostree's name for no locking at all.
void read_locking(const KeyFile& file, Config& config) {
  config.locking = flag(file, "locking", true);
  const std::int64_t seconds = file.find_int(core, "lock-timeout-secs").value_or(300);
  if (seconds < -2)
    refuse("core.lock-timeout-secs", std::to_string(seconds), "-1 means to wait for ever");
  if (seconds == -2) config.locking = false;
  // More than a lifetime would only overflow sums.
  config.lock_timeout = std::chrono::seconds(std::min<std::int64_t>(seconds, INT32_MAX));
  if (seconds < 0) config.lock_timeout.reset();
}

std::chrono::seconds tmp_expiry_of(const KeyFile& file) {
  const std::int64_t seconds = file.find_int(core, "tmp-expiry-secs").value_or(24 * 60 * 60);
  if (seconds < 0)
    refuse("core.tmp-expiry-secs", std::to_string(seconds), "it must not be negative");
  return std::chrono::seconds(seconds);
}

std::uint64_t parse_percent(const std::string& text) {
  std::uint64_t percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc() || end != text.data() + text.size() || percent > 99)
    refuse("core.min-free-space-percent", text, "it must be a number from 0 to 99");
  return percent;
}

MinFreeSpace min_free_space_of(const KeyFile& file) {
  MinFreeSpace reserve;
  const auto size = file.find_string(core, "min-free-space-size");
  if (size) {
    reserve.percent = 0;
    const std::uint64_t bytes = parse_space_size(*size);
    if (bytes > 0) reserve.bytes = bytes;
  }
  if (const auto percent = file.find_string(core, "min-free-space-percent"))
    reserve.percent = parse_percent(*percent);
  return reserve;
}

int zlib_level_of(const KeyFile& file) {
  return static_cast<int>(
      std::clamp<std::int64_t>(file.find_int("archive", "zlib-level").value_or(6), 1, 9));
}

}  // namespace

Config parse_config(const KeyFile& file) {
  check_version(file);
  Config config;
  config.mode = mode_of(file);
  config.parent = non_empty(file, "parent");
  config.collection_id = non_empty(file, "collection-id");
  config.fsync = flag(file, "fsync", true);
  config.per_object_fsync = flag(file, "per-object-fsync", false);
  read_locking(file, config);
  config.tmp_expiry = tmp_expiry_of(file);
  config.min_free_space = min_free_space_of(file);
  config.zlib_level = zlib_level_of(file);
  config.disable_xattrs = flag(file, "disable-xattrs", false);
  // The second is the old name of the first.
  config.auto_update_summary =
      flag(file, "auto-update-summary", false) || flag(file, "commit-update-summary", false);
  config.add_remotes_config_dir = flag(file, "add-remotes-config-dir", false);
  config.tombstone_commits = flag(file, "tombstone-commits", false);
  config.no_deltas_in_summary = flag(file, "no-deltas-in-summary", false);
  // -1 is no threshold that any file reaches.
  config.payload_link_threshold =
      static_cast<std::uint64_t>(file.find_int(core, "payload-link-threshold").value_or(-1));
  return config;
}

std::uint64_t parse_space_size(std::string_view text) {
  constexpr std::string_view units = "MGT";
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, text.data() + text.size());
  if (error != std::errc() || unit.size() != 2 || unit[1] != 'B' ||
      units.find(unit[0]) == std::string_view::npos)
    refuse("core.min-free-space-size", std::string(text),
           "it must look like 123MB, 123GB or 123TB");
  const auto shift = static_cast<unsigned>(20 + 10 * units.find(unit[0]));
  if (number > (~std::uint64_t{0} >> shift))
    refuse("core.min-free-space-size", std::string(text), "the number is too high");
  return number << shift;
}

}  // namespace xylem::repo
