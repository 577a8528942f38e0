#pragma once

#include "xylem/pull.hpp"
#include "xylem/xylem.h"

struct xylem_pull_options {
  xylem::PullOptions options;
};
