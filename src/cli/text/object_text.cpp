#include "cli/text/object_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "cli/text/variant_text.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

using object::ObjectType;

const char* format_of(ObjectType type) {
  switch (type) {
    case ObjectType::DirTree:
      return "(a(say)a(sayay))";
    case ObjectType::DirMeta:
      return "(uuua(ayay))";
    default:
      return "(a{sv}aya(say)sstayay)";
  }
}

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
    text += fmt::format("Version: {}\n", printable(*version));
  text +=
      commit.subject.empty() ? "(no subject)\n" : "\n" + indented(printable_lines(commit.subject));
  if (!commit.body.empty()) text += "\n" + indented(printable_lines(commit.body));
  return text + "\n";
}

GVariantPtr object_variant(ObjectType type, ByteView bytes) {
  return object::parse_variant(format_of(type), bytes, object::extension(type));
}

std::string object_text(const repo::Repo& repo, const object::ObjectName& name,
                        const ObjectTextOptions& options) {
  const Bytes bytes = repo.load_metadata(name);
  std::string text = fmt::format("{} {}\n", object::extension(name.type), name.checksum.hex());
  if (options.raw || options.no_byteswap)
    text += variant_text(object_variant(name.type, bytes).get(), !options.no_byteswap) + "\n";
  const bool only_raw = options.raw && !options.no_byteswap;
  if (name.type == ObjectType::Commit && !only_raw)
    text += commit_text(object::parse_commit(bytes));
  return text;
}

}  // namespace xylem::cli
