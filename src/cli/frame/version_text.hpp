#pragma once

/// \file
/// What `--version` prints.

#include <string>

namespace xylem::cli {

/// One YAML document with version and features, without the last newline. Under the name "ostree"
/// it is a document that scripts made for `ostree --version` can read.
std::string version_text(const std::string& program);

}  // namespace xylem::cli
