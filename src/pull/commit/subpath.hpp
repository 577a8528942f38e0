#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xylem::pull {

/// Which part of a tree `--subpath` selects. Pure.
class SubpathFilter {
 public:
  enum class Verdict {
    Skip,     ///< Nothing below is wanted.
    Descend,  ///< On the way to a wanted directory: its directories, but none of its files.
    All,      ///< Everything below is wanted.
  };

  /// No paths select everything. Throws Error(InvalidArgument) unless each is absolute and free of
  /// "." and ".." components.
  explicit SubpathFilter(const std::vector<std::string>& paths);

  bool selects_everything() const { return wanted_.empty(); }
  /// For a directory: "/" or "/usr/lib".
  Verdict directory(std::string_view path) const;
  /// For a file in a directory of Verdict::Descend: a subpath may name a single file.
  bool file(std::string_view path) const;

 private:
  std::vector<std::string> wanted_;  ///< Without a slash at the end; "" is the root.
};

/// "/usr" and "lib" make "/usr/lib".
std::string child_path(std::string_view directory, std::string_view name);

}  // namespace xylem::pull
