#include "archive/utf8_locale.hpp"

namespace xylem::archive {

Utf8Locale::Utf8Locale() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
  if (utf8_ != nullptr) previous_ = ::uselocale(utf8_);
}

Utf8Locale::~Utf8Locale() {
  if (utf8_ == nullptr) return;
  ::uselocale(previous_);
  ::freelocale(utf8_);
}

}  // namespace xylem::archive
