#pragma once

#include <locale.h>

namespace xylem::archive {

/// While it lives, this thread takes names for UTF-8. libarchive converts them to and from the
/// charset of the locale, and fails for most of them where that is "C", as in build systems.
class Utf8Locale {
 public:
  Utf8Locale();
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale();

 private:
  locale_t utf8_ = nullptr;
  locale_t previous_ = nullptr;
};

}  // namespace xylem::archive
