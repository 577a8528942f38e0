#pragma once

/// \file
/// Room `selinux`: labels, by the policy that a root directory brings. Knows nothing of OSTree,
/// networks, whether this machine runs SELinux.

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/os/fd.hpp"

namespace xylem::selinux {

/// The extended attribute that holds a label. Its value ends with a NUL.
constexpr char xattr_name[] = "security.selinux";

/// The file contexts of one policy. Thread-safe.
class Policy {
 public:
  /// The policy of the system in `root`: `etc/selinux`, else `usr/etc/selinux`. Null if it has none
  /// or has switched SELinux off. Reads it completely: `root` may go afterwards. Throws Error(Io),
  /// or Error(NotFound) that names the file contexts which its configuration promises.
  static std::shared_ptr<const Policy> open(FileDescriptor root);

  ~Policy();
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  /// Of `path` ("/usr/bin/env") as a file of `mode`, type bits included; nullopt if the policy says
  /// nothing about it.
  std::optional<std::string> label(const std::string& path, std::uint32_t mode) const;

 private:
  struct Handle;
  explicit Policy(std::unique_ptr<Handle> handle);

  mutable std::mutex mutex_;  ///< Looking up compiles expressions when they are needed first.
  std::unique_ptr<Handle> handle_;
};

}  // namespace xylem::selinux
