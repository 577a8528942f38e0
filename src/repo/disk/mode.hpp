#pragma once

#include <optional>
#include <string_view>

namespace xylem::repo {

/// How a repository stores content objects (`core.mode`).
enum class Mode { Archive, Bare, BareUser, BareUserOnly, BareSplitXattrs };

/// As written to `config`: archive is "archive-z2".
std::string_view config_name(Mode mode) noexcept;
/// Also takes the alias "archive"; nullopt for an unknown mode.
std::optional<Mode> parse_mode(std::string_view name) noexcept;

constexpr bool is_bare(Mode mode) noexcept {
  return mode != Mode::Archive;
}

}  // namespace xylem::repo
