#include "fetcher/traffic.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem::fetcher {

void Traffic::check_limit() const {
  if (max_bytes_ == 0 || stats_.bytes_received < max_bytes_) return;
  throw Error(ErrorKind::Cancelled,
              fmt::format("Stopped at the --max-bytes limit of {} bytes", max_bytes_))
      .hint("pull again to continue from here");
}

}  // namespace xylem::fetcher
