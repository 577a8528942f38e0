#pragma once

/// \file
/// Room `cli/progress`: progress of a pull, for terminals, logs and programs. Knows nothing of how
/// the work is done.
///
/// The words of a pull, as pure functions.

#include <chrono>
#include <limits>
#include <optional>
#include <string>

#include "xylem/pull.hpp"

namespace xylem::cli {

/// "0 bytes", "1.5 kB", "12.3 MB": powers of 1000, as GLib and `ostree` write them.
std::string format_size(std::uint64_t bytes);
/// "0:07", "12:30", "1:02:03".
std::string format_duration(std::chrono::seconds duration);

/// What is known besides the numbers of the pull itself.
struct Pace {
  std::uint64_t bytes_per_second = 0;               ///< 0: not known yet.
  std::optional<std::chrono::seconds> time_left{};  ///< nullopt: not known.
};

/// Why a pull does not get on.
struct Wait {
  std::string whom{};    ///< "process 12", "another pull", a host; empty: not known.
  std::string reason{};  ///< What the host's last answer was.
  int attempts = 0;      ///< At the host.
  std::chrono::seconds since{};
};

/// What the line of a pull that waits says in place of its numbers.
std::string waiting_line(const PullProgress& progress, const Wait& wait,
                         std::size_t columns = std::numeric_limits<std::size_t>::max());

/// One line about a running pull, without a newline: as much as fits into so many columns, in whole
/// words. Where even the shortest does not fit, the caller has to cut it.
std::string progress_line(const PullProgress& progress, const Pace& pace,
                          std::size_t columns = std::numeric_limits<std::size_t>::max());
/// Characters of a text in UTF-8, each of which is taken to be one column wide.
std::size_t width_of(const std::string& text);
/// Cuts `line` to `columns` characters.
std::string fit(const std::string& line, std::size_t columns);
/// The line that stays when the pull is over, worded as in `ostree`.
std::string final_line(const PullResult& result);
/// The same for people at a terminal, in one system of units, and as much of it as fits.
std::string final_line(const PullResult& result, std::size_t columns);
/// The line that stays after --dry-run.
std::string dry_run_line(const PullResult& result);

}  // namespace xylem::cli
