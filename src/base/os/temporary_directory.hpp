#pragma once

#include <string>

namespace xylem {

/// A directory of our own in $TMPDIR or /tmp that only this user may enter; removed, with all that
/// is in it, at the end. Movable.
class TemporaryDirectory {
 public:
  /// Its name begins with `prefix`. Throws Error(Io) or Error(NoSpace).
  explicit TemporaryDirectory(const std::string& prefix);
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory();

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace xylem
