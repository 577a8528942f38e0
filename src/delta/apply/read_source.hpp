#pragma once

#include <memory>
#include <optional>
#include <set>

#include "delta/apply/part_store.hpp"
#include "delta/apply/window.hpp"

namespace xylem::delta {

/// The file that operations read from. It is opened once it is needed, not when it is named: nobody
/// needs it to make a file that is here already.
class ReadSource {
 public:
  /// `store` is borrowed.
  explicit ReadSource(PartStore& store) : store_(store) {}

  void set(const Checksum& file);
  void unset();
  bool is_set() const { return file_.has_value(); }
  /// Throws Error(NotFound) if the file is not here. Valid until the next set() or unset().
  const RandomSource& content();

  /// What content() was called for since the last call of this.
  std::set<Checksum> take_used();

 private:
  PartStore& store_;
  std::optional<Checksum> file_;
  std::unique_ptr<RandomSource> opened_;
  std::unique_ptr<Window> window_;
  std::set<Checksum> used_;
};

}  // namespace xylem::delta
