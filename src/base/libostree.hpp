#pragma once

namespace xylem {

/// The libostree whose commands, formats and words ours follow. `--version` under its name, and the
/// User-Agent of requests, tell it to scripts and servers that look for it.
inline constexpr char followed_libostree[] = "2022.7";

}  // namespace xylem
