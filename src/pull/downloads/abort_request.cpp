#include "pull/downloads/abort_request.hpp"

#include <fcntl.h>

#include "base/log.hpp"
#include "base/os/os.hpp"

namespace xylem::pull {

AbortRequest::AbortRequest(FileDescriptor dir) : dir_(dir) {
  // A directory that is gone has no owner either.
  os::try_open({dir_, abort_request_name}, O_WRONLY | O_CREAT | O_NOFOLLOW, 0644);
}

AbortRequest::~AbortRequest() {
  try {
    os::unlink({dir_, abort_request_name});
  } catch (const std::exception& error) {
    log_warning("The request to end a transfer could not be removed: {}", error.what());
  }
}

bool is_abort_requested(FileDescriptor dir) {
  return os::exists({dir, abort_request_name});
}

}  // namespace xylem::pull
