#include "cli/commit/pathname_filter.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/glib.hpp"
#include "cli/frame/usage_error.hpp"
#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

using SharedRegex = std::shared_ptr<GRegex>;

SharedRegex compile(const std::string& pattern, const std::string& replacement) {
  GError* raw_error = nullptr;
  const SharedRegex regex(
      g_regex_new(pattern.c_str(), GRegexCompileFlags(0), GRegexMatchFlags(0), &raw_error),
      [](GRegex* made) {
        if (made != nullptr) g_regex_unref(made);
      });
  if (!raw_error) g_regex_check_replacement(replacement.c_str(), nullptr, &raw_error);
  const GErrorPtr error(raw_error);
  if (error) throw UsageError(fmt::format("--tar-pathname-filter: {}", error->message));
  return regex;
}

std::string replace_matches(GRegex* regex, const std::string& path,
                            const std::string& replacement) {
  if (!object::is_utf8(path))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Invalid UTF-8 in filename {}", object::quoted(path)));
  GError* raw_error = nullptr;
  const GStringPtr result(g_regex_replace(regex, path.c_str(), static_cast<gssize>(path.size()), 0,
                                          replacement.c_str(), GRegexMatchFlags(0), &raw_error));
  const GErrorPtr error(raw_error);
  if (error)
    throw Error(ErrorKind::InvalidArgument, fmt::format("--tar-pathname-filter of {}: {}",
                                                        object::quoted(path), error->message));
  return result.get();
}

}  // namespace

std::function<std::string(const std::string&)> make_pathname_filter(const std::string& text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos) throw UsageError("Missing ',' in --tar-pathname-filter");
  const std::string replacement = text.substr(comma + 1);
  return [regex = compile(text.substr(0, comma), replacement), replacement](
             const std::string& path) { return replace_matches(regex.get(), path, replacement); };
}

}  // namespace xylem::cli
