#include "pull/abort_request.hpp"

#include <fcntl.h>

#include "base/log.hpp"
#include "base/os.hpp"
#include "base/os_metadata.hpp"

namespace xylem::pull {

AbortRequest::AbortRequest(FileDescriptor dir) : dir_(dir) {
  // A directory that is gone has no owner either.
  os::try_open({dir_, abort_request_name}, O_WRONLY | O_CREAT | O_NOFOLLOW, 0644);
  renew();
}

void AbortRequest::renew() const {
  os::touch({dir_, abort_request_name});
}

AbortRequest::~AbortRequest() {
  try {
    os::unlink({dir_, abort_request_name});
  } catch (const std::exception& error) {
    log_warning("The request to end a transfer stays: {}", error.what());
  }
}

bool is_abort_requested(FileDescriptor dir, const struct timespec& since) {
  const auto request = os::try_stat({dir, abort_request_name});
  if (!request) return false;
  const struct timespec& asked = request->st_mtim;
  return asked.tv_sec > since.tv_sec ||
         (asked.tv_sec == since.tv_sec && asked.tv_nsec > since.tv_nsec);
}

}  // namespace xylem::pull
