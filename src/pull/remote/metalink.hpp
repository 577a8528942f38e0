#pragma once

/// \file
/// Metalink 3.0 (http://www.metalinker.org/) as far as remotes use it (`metalink=URL`): where the
/// file `summary` is, how large it is, and its hashes. The directories of those URLs are the
/// mirrors of the repository.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::pull {

struct Metalink {
  std::uint64_t size = 0;
  std::optional<std::string> sha256;  ///< Lower-case hexadecimal digits.
  std::optional<std::string> sha512;
  std::vector<std::string> urls;  ///< Of the file, http and https only; best first.
};

/// The entry for `file_name`. Throws Error(Corrupt) unless it is well-formed XML that has one, with
/// a size, a hash that we can check and a usable URL. Pure.
Metalink parse_metalink(ByteView xml, std::string_view file_name);

/// Throws Error(Corrupt) unless `bytes` has the size and every hash of the entry. Pure.
void check_against(const Metalink& entry, ByteView bytes);

}  // namespace xylem::pull
