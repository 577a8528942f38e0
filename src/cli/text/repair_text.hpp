#pragma once

/// \file
/// What `fsck --repair` and `fsck --json` tell; the latter alone has no repairs to tell of.

#include "pull/jobs/repair.hpp"

namespace xylem::cli {

void print_text(const pull::RepairReport& report);
void print_json(const pull::RepairReport& report);

/// Throws Error(Corrupt) unless all is good.
void require_success(const pull::RepairReport& report);

}  // namespace xylem::cli
