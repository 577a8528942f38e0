#pragma once

namespace xylem {

/// The version of this library, for example "0.1.0".
extern const char* const version;

}  // namespace xylem
