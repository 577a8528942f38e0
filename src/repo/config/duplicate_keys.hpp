#pragma once

/// \file
/// Keys that a key file has several times. GLib silently takes the last one; of a rule that
/// protects somebody the strictest one counts.

#include <string>
#include <string_view>
#include <vector>

namespace xylem::repo {

struct DuplicateKey {
  std::string group;
  std::string name;
  std::vector<std::string> values;  ///< As in the file; not all are the same.
};

/// Of a text that is a key file, sorted by name; groups of one name are one group. Pure.
std::vector<DuplicateKey> find_duplicate_keys(std::string_view text);

/// The value that counts: the strictest of a rule, else the last. Pure.
const std::string& choose_value(const DuplicateKey& key);

/// Whether `value` of this key demands less than no value at all would, or no more. Pure.
bool is_lax(std::string_view key, std::string_view value);

}  // namespace xylem::repo
