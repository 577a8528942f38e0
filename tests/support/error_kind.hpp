#pragma once

#include <optional>

#include "xylem/error.hpp"

namespace xylem {

/// Kind of the Error that `call` throws, or nullopt if it throws nothing. Other exceptions pass.
template <typename Call>
std::optional<ErrorKind> error_kind(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.kind();
  }
  return std::nullopt;
}

}  // namespace xylem
