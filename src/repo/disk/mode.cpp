#include "repo/disk/mode.hpp"

namespace xylem::repo {

std::string_view config_name(Mode mode) noexcept {
  switch (mode) {
    case Mode::Archive:
      return "archive-z2";
    case Mode::Bare:
      return "bare";
    case Mode::BareUser:
      return "bare-user";
    case Mode::BareUserOnly:
      return "bare-user-only";
    case Mode::BareSplitXattrs:
      return "bare-split-xattrs";
  }
  return "";
}

std::optional<Mode> parse_mode(std::string_view name) noexcept {
  if (name == "archive") return Mode::Archive;
  for (const Mode mode :
       {Mode::Archive, Mode::Bare, Mode::BareUser, Mode::BareUserOnly, Mode::BareSplitXattrs})
    if (name == config_name(mode)) return mode;
  return std::nullopt;
}

}  // namespace xylem::repo
