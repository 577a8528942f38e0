#include "sign/gpg/local_time.hpp"

#include "base/glib.hpp"

namespace xylem::sign {

std::string local_time(std::int64_t seconds) {
  const GDateTimePtr time(g_date_time_new_from_unix_local(seconds));
  if (!time) return "invalid";
  return GStringPtr(g_date_time_format(time.get(), "%c")).get();
}

}  // namespace xylem::sign
