#pragma once

#include <string>

namespace xylem::cli {

/// Whether programs that were written for libostree pull by way of the library that stands in for
/// it: an entry of the loader's configuration decides, for all programs of a system.
class Interposition {
 public:
  /// Of the system below `sysroot`; empty is this one.
  explicit Interposition(std::string sysroot) : sysroot_(std::move(sysroot)) {}

  /// Where the loader is told to look first.
  std::string entry_path() const;
  /// Of the library that stands in.
  std::string path_of_library() const;
  bool is_enabled() const;
  /// An administrator's file that has the library do nothing.
  bool is_switched_off() const;

  /// Throws Error(NotFound) if the library is not installed, and Error(InvalidArgument) if anybody
  /// but root and this user could change what all programs will load.
  void require_safe_library() const;

  /// Checks the library, writes the entry and has the loader's cache made anew. Throws Error(Io).
  void enable() const;
  /// False if it was not enabled. Works without the library, too.
  bool disable() const;

 private:
  void require_ours(const std::string& path) const;
  void refresh_loader_cache() const;

  std::string sysroot_;
};

}  // namespace xylem::cli
