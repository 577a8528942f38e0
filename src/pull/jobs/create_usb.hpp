#pragma once

#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "repo/refs/refs.hpp"
#include "xylem/cancel.hpp"

namespace xylem::pull {

struct UsbRequest {
  std::string volume;                 ///< Where it is mounted.
  std::string repo = ".ostree/repo";  ///< Below the volume.
  std::vector<repo::CollectionRef> refs;
  std::optional<Checksum> commit;  ///< In place of what the one ref means.
  bool fsync = true;
};

/// Copies refs of collections into an archive repository on a volume, where find_remotes() and
/// `ostree` find them: makes it if it is missing, updates its summary, and adds a symlink below
/// `.ostree/repos.d` unless it lies in a well-known place. Throws Error(NotFound) for a ref that
/// `source` does not have, Error(InvalidArgument) for a repository that is `source` itself or not
/// on the volume.
void create_usb(const repo::Repo& source, const UsbRequest& request, const CancelToken& cancel);

}  // namespace xylem::pull
