#pragma once

/// \file
/// How the owner of a download directory is asked to end: by an empty file in it. Each directory
/// has one owner, ever.

#include "base/os/fd.hpp"

namespace xylem::pull {

constexpr char abort_request_name[] = "abort";

/// Stands until it is destroyed. Borrows the directory.
class AbortRequest {
 public:
  /// Throws Error(Io).
  explicit AbortRequest(FileDescriptor dir);
  AbortRequest(const AbortRequest&) = delete;
  AbortRequest& operator=(const AbortRequest&) = delete;
  ~AbortRequest();

 private:
  FileDescriptor dir_;
};

/// Whether there is a request to who owns this directory. Throws Error(Io).
bool is_abort_requested(FileDescriptor dir);

}  // namespace xylem::pull
