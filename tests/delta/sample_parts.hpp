#pragma once

/// \file
/// What tests of parts make their files of, and how they execute a part.

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "delta/apply/part_executor.hpp"
#include "delta/part_builder.hpp"

namespace xylem::test {

inline const object::FileHeader regular{
    .uid = 1, .gid = 2, .mode = S_IFREG | 0644, .xattrs = {{"user.note", {'k'}}}};
inline const object::FileHeader link_header{.mode = S_IFLNK | 0777, .symlink_target = "../there"};
inline constexpr std::string_view old_text = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Of the part's payload, in memory.
delta::PartOutcome execute(const PartBuilder& part, delta::PartStore& store);

/// Of the error that it throws; empty if it throws none.
std::string message_of(const PartBuilder& part, delta::PartStore& store);

}  // namespace xylem::test
