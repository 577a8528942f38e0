#include "cli/text/commit_text.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/glib.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

/// Each line behind four spaces.
std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    result.append("    ").append(line).append("\n");
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return result;
}

}  // namespace

std::string timestamp_text(std::uint64_t seconds) {
  const GDateTimePtr time(g_date_time_new_from_unix_utc(static_cast<gint64>(seconds)));
  if (!time) throw Error(ErrorKind::Corrupt, fmt::format("Invalid timestamp: {}", seconds));
  return GStringPtr(g_date_time_format(time.get(), "%Y-%m-%d %H:%M:%S +0000")).get();
}

std::string commit_text(const object::Commit& commit) {
  std::string text;
  if (commit.parent) text += fmt::format("Parent:  {}\n", commit.parent->hex());
  text += fmt::format("ContentChecksum:  {}\n", commit.content_checksum().hex());
  text += fmt::format("Date:  {}\n", timestamp_text(commit.timestamp));
  if (const auto version = commit.metadata.find_string(object::commit_key::version))
    text += fmt::format("Version: {}\n", *version);
  text += commit.subject.empty() ? "(no subject)\n" : "\n" + indented(commit.subject);
  if (!commit.body.empty()) text += "\n" + indented(commit.body);
  return text + "\n";
}

}  // namespace xylem::cli
