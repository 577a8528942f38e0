#pragma once

namespace xylem::pull::message_code {

// Of PullMessage, where they are explained.

inline constexpr char delta_plan[] = "delta-plan";
inline constexpr char delta_unusable[] = "delta-unusable";
inline constexpr char delta_part_failed[] = "delta-part-failed";
inline constexpr char delta_source_damaged[] = "delta-source-damaged";

}  // namespace xylem::pull::message_code
