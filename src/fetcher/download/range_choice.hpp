#pragma once

#include <cstdint>

namespace xylem::fetcher {

/// What is asked for of a file that is there in part.
enum class Extent {
  Rest,   ///< What is missing.
  Whole,  ///< All, whatever is there.
};

/// What the next attempt of a fetch asks for. Normally that is the rest. But a server, or something
/// on the way, may not like requests for a rest at all, and then a leftover would make a pull worse
/// than none. So the whole is asked for in between: at once when the server turns a range down,
/// after two attempts that brought nothing, or, while the server only has too much to do, before
/// the last attempt. If it comes, the leftover is dropped. Pure but for what it remembers; one
/// thread.
class RangeChoice {
 public:
  Extent extent() const { return extent_; }
  /// The next exchange asks for a range.
  void asks(bool range) { asked_ = range; }
  /// The server answers, but not with a range.
  void turned_down() { extent_ = Extent::Whole; }
  /// An attempt has failed. `last_chance` says that there will be one more at most.
  void failed(bool progressed, bool server_is_busy, bool last_chance) {
    constexpr unsigned enough = 2;
    fruitless_ = asked_ && !progressed ? fruitless_ + 1 : 0;
    const bool whole = server_is_busy ? last_chance : fruitless_ >= enough;
    extent_ = fruitless_ != 0 && whole ? Extent::Whole : Extent::Rest;
  }

 private:
  Extent extent_ = Extent::Rest;
  bool asked_ = false;
  unsigned fruitless_ = 0;  ///< Attempts in a row that asked for the rest in vain.
};

}  // namespace xylem::fetcher
