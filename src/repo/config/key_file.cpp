#include "repo/config/key_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/log.hpp"
#include "base/text.hpp"
#include "object/names/names.hpp"
#include "repo/config/duplicate_keys.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

struct FreeStrings {
  void operator()(gchar** strings) const { g_strfreev(strings); }
};
using StringsPtr = std::unique_ptr<gchar*, FreeStrings>;

/// Receives a GError, as the last argument of a GLib call.
class ErrorSlot {
 public:
  ErrorSlot() = default;
  ErrorSlot(const ErrorSlot&) = delete;
  ErrorSlot& operator=(const ErrorSlot&) = delete;
  ~ErrorSlot() { g_clear_error(&error_); }
  operator GError**() { return &error_; }
  bool filled() const { return error_ != nullptr; }
  const char* message() const { return error_ == nullptr ? "unknown error" : error_->message; }

 private:
  GError* error_ = nullptr;
};

/// The number of the first line that is neither a group, nor a key with a value, nor a comment; 0
/// if there is none.
std::size_t first_bad_line(std::string_view text) {
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view line = trimmed(whole);
    if (line.empty() || line.front() == '#') continue;
    const bool group = line.front() == '[' && line.find(']') != line.npos;
    if (!group && line.find('=', 1) == line.npos) return number;
  }
  return 0;
}

/// The text is never quoted: the path may lead to a file that is none of the reader's business.
[[noreturn]] void refuse_text(std::string_view text, std::string_view path) {
  const std::size_t line = first_bad_line(text);
  throw Error(ErrorKind::InvalidArgument,
              line == 0 ? fmt::format("Parsing {}: it is no key file", path)
                        : fmt::format("Parsing {}: line {} is neither a group, nor a key with a "
                                      "value, nor a comment",
                                      path, line),
              {.path = std::string(path)});
}

GKeyFilePtr load(std::string_view text, std::string_view path) {
  GKeyFilePtr file(g_key_file_new());
  const auto flags = GKeyFileFlags(G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS);
  ErrorSlot error;
  // GLib wants a pointer even to nothing.
  const char* data = text.empty() ? "" : text.data();
  if (!g_key_file_load_from_data(file.get(), data, text.size(), flags, error))
    refuse_text(text, path);
  return file;
}

std::vector<std::string> take(gchar** strings) {
  const StringsPtr owner(strings);
  std::vector<std::string> result;
  for (gchar** at = strings; at != nullptr && *at != nullptr; ++at) result.emplace_back(*at);
  return result;
}

[[noreturn]] void refuse_value(const std::string& group, const std::string& key,
                               std::string_view why) {
  throw Error(ErrorKind::InvalidArgument, fmt::format("Key {} of group [{}]: {}", key, group, why));
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return g_ascii_iscntrl(c); });
}

/// What GLib would silently ignore, or write in a way that it cannot read.
void validate_names(const std::string& group, const std::string& key) {
  if (group.empty() || group.find_first_of("[]") != std::string::npos ||
      has_control_character(group))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} cannot be the name of a group", object::quoted(group)));
  if (key.empty() || key.find_first_of("=[]") != std::string::npos || has_control_character(key) ||
      key.front() == ' ' || key.back() == ' ' || key.front() == '#')
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} cannot be the name of a key", object::quoted(key)));
}

bool is_utf8(std::string_view text) {
  return text.empty() || g_utf8_validate_len(text.data(), text.size(), nullptr);
}

}  // namespace

KeyFile::KeyFile() : file_(g_key_file_new()) {}

KeyFile::KeyFile(const KeyFile& other) : file_(load(other.text(), "a copy")) {}

KeyFile& KeyFile::operator=(const KeyFile& other) {
  KeyFile copy(other);
  std::swap(file_, copy.file_);
  return *this;
}

KeyFile KeyFile::parse(ByteView text, std::string_view path) {
  if (!is_utf8(as_text(text)))
    throw Error(ErrorKind::InvalidArgument, fmt::format("{} is not UTF-8 text", path),
                {.path = std::string(path)});
  KeyFile result;
  result.file_ = load(as_text(text), path);
  for (const DuplicateKey& key : find_duplicate_keys(as_text(text))) {
    const std::string& chosen = choose_value(key);
    if (chosen != key.values.back()) result.set(key.group, key.name, chosen);
    log_warning("{}: key {} of group [{}] is there {} times, with different values: \"{}\" counts",
                path, key.name, key.group, key.values.size(), chosen);
  }
  return result;
}

std::vector<std::string> KeyFile::groups() const {
  return take(g_key_file_get_groups(file_.get(), nullptr));
}

bool KeyFile::has_group(const std::string& group) const {
  return g_key_file_has_group(file_.get(), group.c_str());
}

bool KeyFile::has_key(const std::string& group, const std::string& key) const {
  return g_key_file_has_key(file_.get(), group.c_str(), key.c_str(), nullptr);
}

std::vector<std::string> KeyFile::keys(const std::string& group) const {
  return take(g_key_file_get_keys(file_.get(), group.c_str(), nullptr, nullptr));
}

std::optional<std::string> KeyFile::find_string(const std::string& group,
                                                const std::string& key) const {
  if (!has_key(group, key)) return std::nullopt;
  ErrorSlot error;
  const GStringPtr value(g_key_file_get_string(file_.get(), group.c_str(), key.c_str(), error));
  if (!value) refuse_value(group, key, error.message());
  return value.get();
}

std::optional<bool> KeyFile::find_bool(const std::string& group, const std::string& key) const {
  if (!has_key(group, key)) return std::nullopt;
  ErrorSlot error;
  const bool value = g_key_file_get_boolean(file_.get(), group.c_str(), key.c_str(), error);
  if (error.filled())
    refuse_value(group, key,
                 fmt::format("{} is not true or false", object::quoted(*find_string(group, key))));
  return value;
}

std::optional<std::int64_t> KeyFile::find_int(const std::string& group,
                                              const std::string& key) const {
  const auto text = find_string(group, key);
  if (!text) return std::nullopt;
  gint64 value = 0;
  if (!g_ascii_string_to_signed(text->c_str(), 10, G_MININT64, G_MAXINT64, &value, nullptr))
    refuse_value(group, key, fmt::format("{} is not a number", object::quoted(*text)));
  return value;
}

std::optional<std::vector<std::string>> KeyFile::find_list(const std::string& group,
                                                           const std::string& key) const {
  const auto text = find_string(group, key);
  if (!text) return std::nullopt;
  const bool semicolons = text->find(';') != std::string::npos;
  if (semicolons && text->find(',') != std::string::npos)
    refuse_value(group, key, "key value list contains more than one separator: use ';' or ','");
  const char* separator = semicolons ? ";" : ",";
  std::vector<std::string> elements = take(g_strsplit(text->c_str(), separator, -1));
  while (!elements.empty() && elements.back().empty()) elements.pop_back();
  return elements;
}

void KeyFile::set(const std::string& group, const std::string& key, const std::string& value) {
  validate_names(group, key);
  if (!is_utf8(group) || !is_utf8(key) || !is_utf8(value))
    throw Error(ErrorKind::InvalidArgument, "A configuration file takes UTF-8 text only");
  if (value.find('\0') != std::string::npos) refuse_value(group, key, "a value cannot have a NUL");
  g_key_file_set_string(file_.get(), group.c_str(), key.c_str(), value.c_str());
}

bool KeyFile::remove_key(const std::string& group, const std::string& key) {
  return g_key_file_remove_key(file_.get(), group.c_str(), key.c_str(), nullptr);
}

bool KeyFile::remove_group(const std::string& group) {
  return g_key_file_remove_group(file_.get(), group.c_str(), nullptr);
}

std::string KeyFile::text() const {
  gsize size = 0;
  const GStringPtr data(g_key_file_to_data(file_.get(), &size, nullptr));
  return {data.get(), size};
}

}  // namespace xylem::repo
