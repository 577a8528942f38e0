#pragma once

/// \file
/// What `fsck --repair` and `fsck --json` tell; the latter alone has no repairs to tell of.

#include "pull/jobs/repair.hpp"

namespace xylem::cli {

void print_text(const pull::RepairReport& report);
void print_json(const pull::RepairReport& report);

/// Throws Error(Corrupt) unless all is good.
void require_success(const pull::RepairReport& report);
/// Throws Error(Corrupt) for problems that remain.
[[noreturn]] void throw_problems(const std::vector<repo::FsckProblem>& problems);

}  // namespace xylem::cli
