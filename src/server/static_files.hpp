#pragma once

/// \file
/// The files below a directory as answers to requests.

#include "base/os/fd.hpp"
#include "server/http_types.hpp"
#include "server/reply.hpp"

namespace xylem::server {

/// GET and HEAD with one range and conditions. Serves regular files only, and nothing outside of
/// the root, whatever the request or a symlink says. Any thread.
class StaticFiles {
 public:
  /// `root` is borrowed.
  explicit StaticFiles(FileDescriptor root) : root_(root) {}

  /// Never throws for what a client or the file system does: those are statuses.
  Reply reply(const Request& request) const;

 private:
  FileDescriptor root_;
};

}  // namespace xylem::server
