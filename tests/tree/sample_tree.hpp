#pragma once

/// \file
/// Trees to commit, repositories to commit them to, and the two programs that do.

#include <ostream>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"

namespace xylem::test {

using Arguments = std::vector<std::string>;

enum class Program { Xylem, Ostree };

/// Runs a program on the repository `repo`; standard error goes behind standard output, without
/// "hint:" lines. Of the status only whether it is 0: our failures have kinds, and each its own.
struct Answer {
  bool ok = false;
  std::string text;
  bool operator==(const Answer&) const = default;
};
std::ostream& operator<<(std::ostream& stream, const Answer& answer);
Answer ask(Program program, const std::string& repo, const Arguments& arguments);
/// As above; throws unless it succeeds. Without the newline at the end.
std::string tell(Program program, const std::string& repo, const Arguments& arguments);

/// Makes a repository that spares the disk: nothing in it outlives the test.
void init_repository(const std::string& repo, const std::string& mode);

/// Runs a shell script in `dir`.
std::string shell(const TempDir& dir, const std::string& script);

bool is_root();

/// Makes directories `tree` and `second` in `dir`: all kinds of files, modes, names and attributes
/// that a commit can have. Owners vary if we are root.
void make_sample_trees(const TempDir& dir);

/// Modes whose repositories we may write to: bare needs root.
std::vector<std::string> writable_modes();

/// What there is at and below `path`, one line for each: path, type, mode, owner, attributes,
/// content, whether it has other links, and whether its time is the epoch.
std::vector<std::string> snapshot(const std::string& path);

/// Lines that only the first has, behind "- ", and that only the second has, behind "+ ". Both must
/// be sorted.
std::vector<std::string> differences(const std::vector<std::string>& first,
                                     const std::vector<std::string>& second);

}  // namespace xylem::test
