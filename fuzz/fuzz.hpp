#pragma once

/// \file
/// What the targets share. A target gives one parser a stranger's bytes: it may refuse them with an
/// Error that is meant for that, and what it takes must keep its promises.

#include <cstdlib>

#include "base/bytes.hpp"
#include "xylem/error.hpp"

namespace xylem::fuzz {

/// Ends the run if a promise is broken.
inline void require(bool promise) {
  if (!promise) std::abort();
}

/// Runs `parse`; only refusals of bad input may come out of it. Always 0, as libFuzzer wants it.
template <typename Parse>
int check(Parse parse) {
  try {
    parse();
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::Corrupt || error.kind() == ErrorKind::InvalidArgument ||
            error.kind() == ErrorKind::SignatureInvalid || error.kind() == ErrorKind::Unsupported);
  }
  return 0;
}

}  // namespace xylem::fuzz

/// Called by libFuzzer, with bytes that it keeps.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
