#pragma once

/// \file
/// Room `capi`: the C interface, made of the C++ one: it includes nothing but public headers, which
/// proves that these are enough. Knows nothing of what implements them.
///
/// What its parts share.

#include <string>
#include <type_traits>

#include "xylem/pull.hpp"
#include "xylem/repository.hpp"
#include "xylem/xylem.h"

struct xylem_error {
  xylem_error_kind kind;
  std::string message;
  std::string hint;
};

struct xylem_cancel {
  xylem::CancelSource source;
};

struct xylem_repository {
  xylem::Repository repository;
};

struct xylem_pull_options {
  xylem::PullOptions options;
};

namespace xylem::api {

/// Does nothing without `error`.
inline void store(xylem_error** error, xylem_error_kind kind, std::string message,
                  std::string hint) {
  if (error != nullptr) *error = new xylem_error{kind, std::move(message), std::move(hint)};
}

/// Calls `function` and returns its result; an exception becomes `*error` and a result of zero.
template <typename Function>
auto guarded(xylem_error** error, Function function) noexcept -> std::invoke_result_t<Function> {
  try {
    return function();
  } catch (const Error& e) {
    store(error, static_cast<xylem_error_kind>(e.kind()), e.what(), e.details().hint);
  } catch (const std::exception& e) {
    store(error, XYLEM_ERROR_OTHER, e.what(), "");
  }
  return {};
}

inline CancelToken token_of(const xylem_cancel* cancel) {
  return cancel != nullptr ? cancel->source.token() : CancelToken();
}

}  // namespace xylem::api
