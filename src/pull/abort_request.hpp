#pragma once

/// \file
/// How the owner of a download directory is asked to end: by an empty file in it. Who takes over a
/// directory is not meant by what it finds there: a request counts if it is younger.

#include <ctime>

#include "base/fd.hpp"

namespace xylem::pull {

constexpr char abort_request_name[] = "abort";

/// Stands until it is destroyed: one that was not met must not end a later pull. Borrows the
/// directory.
class AbortRequest {
 public:
  /// Throws Error(Io).
  explicit AbortRequest(FileDescriptor dir);
  AbortRequest(const AbortRequest&) = delete;
  AbortRequest& operator=(const AbortRequest&) = delete;
  ~AbortRequest();

  /// For an owner who came in the same tick of the clock. Throws Error(Io).
  void renew() const;

 private:
  FileDescriptor dir_;
};

/// Whether there is a request to who owns this directory since `since`, a time of its file system.
bool is_abort_requested(FileDescriptor dir, const struct timespec& since);

}  // namespace xylem::pull
