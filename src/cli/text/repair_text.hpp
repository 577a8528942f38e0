#pragma once

/// \file
/// What `fsck --repair` and `fsck --json` tell; the latter alone has no repairs to tell of.

#include "pull/jobs/repair.hpp"

namespace xylem::cli {

void print_text(const pull::RepairReport& report);
void print_json(const pull::RepairReport& report);

/// Throws Error(Corrupt) unless all is good.
void require_success(const pull::RepairReport& report);
/// What to do about corrupt and missing objects.
constexpr char repair_hint[] =
    "Run `xylem fsck --repair` to fetch corrupt and missing objects again.";

/// Whether all that is wrong is that other users may change objects.
bool only_foreign(const std::vector<repo::FsckProblem>& problems);
/// Throws Error(Corrupt) for problems that remain.
[[noreturn]] void throw_problems(const std::vector<repo::FsckProblem>& problems);

}  // namespace xylem::cli
