#include "object/names/names.hpp"

#include <fmt/format.h>
#include <gio/gio.h>

#include "base/glib.hpp"
#include "object/names/file_name.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

// The same regular expressions, run by the same engine, as libostree: whether a letter beyond ASCII
// counts as a word character is then never a matter of opinion. Unlike there, "$" is not used: it
// would allow a newline at the end.
constexpr char component_pattern[] = "\\A[\\w\\d][-._\\w\\d]*\\z";
constexpr char ref_pattern[] = "\\A(?:[\\w\\d][-._\\w\\d]*/)*[\\w\\d][-._\\w\\d]*\\z";

struct FreeRegex {
  void operator()(GRegex* regex) const { g_regex_unref(regex); }
};
using RegexPtr = std::unique_ptr<GRegex, FreeRegex>;

RegexPtr compile(const char* pattern) noexcept {
  return RegexPtr(g_regex_new(pattern, GRegexCompileFlags(0), GRegexMatchFlags(0), nullptr));
}

bool matches(const RegexPtr& regex, std::string_view text) noexcept {
  // An empty view may hold a null pointer, which GLib takes for a missing argument.
  if (text.empty() || !is_utf8(text)) return false;
  return g_regex_match_full(regex.get(), text.data(), static_cast<gssize>(text.size()), 0,
                            GRegexMatchFlags(0), nullptr, nullptr);
}

/// "Invalid ref name x": what scripts for libostree look for.
[[noreturn]] void refuse(std::string_view what, std::string_view text, std::string_view rule) {
  throw Error(ErrorKind::InvalidArgument, fmt::format("Invalid {} {}", what, shown(text)),
              {.hint = std::string(rule)});
}

constexpr std::string_view component_rule =
    "use letters, digits, '_', '-' and '.', not starting with '-' or '.'";

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 200;
  const std::string shown(text.substr(0, longest));
  const GStringPtr valid(g_utf8_make_valid(shown.data(), static_cast<gssize>(shown.size())));
  std::string result = "'";
  const char* next = nullptr;
  for (const char* at = valid.get(); *at != '\0'; at = next) {
    next = g_utf8_next_char(at);
    const gunichar c = g_utf8_get_char(at);
    if (g_unichar_iscntrl(c))
      result += fmt::format("\\x{:02x}", c);
    else
      result.append(at, next);
  }
  return result.append(text.size() > longest ? "…'" : "'");
}

std::string shown(std::string_view text) {
  const std::string with_quotes = quoted(text);
  return with_quotes.substr(1, with_quotes.size() - 2);
}

bool is_utf8(std::string_view text) noexcept {
  return g_utf8_validate_len(text.data(), text.size(), nullptr);
}

void require_utf8(std::string_view text) {
  if (!is_utf8(text))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} is not UTF-8 and cannot be stored", quoted(text)));
}

bool is_valid_file_name(std::string_view name) noexcept {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         is_utf8(name);
}

std::string file_name_problem(std::string_view name) {
  if (name.empty()) return "Invalid empty filename";
  if (name == ".") return "Invalid self-referential filename '.'";
  if (name == "..") return "Invalid path uplink filename '..'";
  if (name.find('/') != std::string_view::npos)
    return fmt::format("Invalid / in filename {}", shown(name));
  return fmt::format("Invalid UTF-8 in filename {}", shown(name));
}

bool is_valid_ref(std::string_view ref) noexcept {
  static const RegexPtr regex = compile(ref_pattern);
  return matches(regex, ref);
}

bool is_valid_remote_name(std::string_view remote) noexcept {
  static const RegexPtr regex = compile(component_pattern);
  return matches(regex, remote);
}

bool is_valid_collection_id(std::string_view id) noexcept {
  constexpr std::size_t longest = 255;
  if (id.size() > longest || id.find('\0') != std::string_view::npos) return false;
  return g_dbus_is_interface_name(std::string(id).c_str());
}

void validate_ref(std::string_view ref) {
  if (!is_valid_ref(ref))
    refuse("ref name", ref, "a ref has parts like 'os/stable', joined by '/'");
}

void validate_remote_name(std::string_view remote) {
  if (!is_valid_remote_name(remote)) refuse("remote name", remote, component_rule);
}

void validate_collection_id(std::string_view id) {
  if (!is_valid_collection_id(id))
    refuse("collection ID", id, "a collection id looks like 'org.example.Os'");
}

RefSpec RefSpec::parse(std::string_view text) {
  RefSpec spec;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    spec.remote = std::string(text.substr(0, colon));
    validate_remote_name(*spec.remote);
    text.remove_prefix(colon + 1);
  }
  validate_ref(text);
  spec.ref = text;
  return spec;
}

std::string RefSpec::text() const {
  return remote ? *remote + ":" + ref : ref;
}

}  // namespace xylem::object
