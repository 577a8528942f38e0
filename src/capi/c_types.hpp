#pragma once

/// \file
/// Room `capi`: the C interface, made of the C++ one: it includes nothing but public headers, which
/// proves that these are enough. Knows nothing of what implements them.
///
/// What its parts share.

#include <optional>
#include <string>
#include <type_traits>

#include "xylem/pull.hpp"
#include "xylem/repository.hpp"
#include "xylem/xylem.h"

struct xylem_error {
  xylem_error_kind kind;
  std::string message;
  xylem::ErrorDetails details;
};

struct xylem_cancel {
  xylem::CancelSource source;
};

struct xylem_repository {
  xylem::Repository repository;
};

struct xylem_message {
  xylem::PullMessage message;
};

struct xylem_signature {
  xylem::SignatureResult signature;
};

/// What a program wants to be told.
struct xylem_listener {
  xylem_message_function message = nullptr;
  void* message_data = nullptr;
  xylem_signature_function signature = nullptr;
  void* signature_data = nullptr;

  void tell(const xylem_message& told) const {
    if (message != nullptr) message(&told, message_data);
  }
  void tell(const xylem_signature& told) const {
    if (signature != nullptr) signature(&told, signature_data);
  }
};

struct xylem_pull_options {
  xylem::PullOptions options;
  xylem_listener listener;
  std::string refused;  ///< The first argument that was NULL and must not be; a pull says so.
};

struct xylem_pull_result {
  xylem::PullResult result;
};

struct xylem_progress {
  xylem::PullProgress progress;
};

namespace xylem::api {

/// Does nothing without `error`.
inline void store(xylem_error** error, xylem_error_kind kind, std::string message,
                  ErrorDetails details) {
  if (error != nullptr) *error = new xylem_error{kind, std::move(message), std::move(details)};
}

/// Throws Error(InvalidArgument) for an argument that is NULL and must not be.
template <typename Pointer>
Pointer required(Pointer argument, const char* name) {
  if (argument == nullptr)
    throw Error(ErrorKind::InvalidArgument, std::string("The argument ") + name + " is NULL");
  return argument;
}

/// Whether an option can be set to `text`; if not, checked() will say which was NULL.
template <typename Handle>
bool takes(Handle* options, const char* name, const char* text) {
  if (options == nullptr) return false;
  if (text == nullptr && options->refused.empty()) options->refused = name;
  return text != nullptr;
}

/// Sets a member of the options that a handle holds. Does nothing without a handle.
template <typename Handle, typename Options, typename Member, typename Value>
void set(Handle* handle, Member Options::*member, Value value) {
  if (handle != nullptr) handle->options.*member = Member(std::move(value));
}

inline std::optional<std::string> optional_text(const char* text) {
  return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

/// The options in a handle. Throws Error(InvalidArgument) if one of them was refused.
template <typename Handle>
const auto& checked(const Handle* options) {
  const auto& given = *required(options, "options");
  if (!given.refused.empty())
    throw Error(ErrorKind::InvalidArgument,
                "The argument " + given.refused + " of an option is NULL");
  return given.options;
}

/// Calls `function` and returns its result; an exception becomes `*error` and a result of zero.
template <typename Function>
auto guarded(xylem_error** error, Function function) noexcept -> std::invoke_result_t<Function> {
  try {
    return function();
  } catch (const Error& e) {
    store(error, static_cast<xylem_error_kind>(e.kind()), e.what(), e.details());
  } catch (const std::exception& e) {
    store(error, XYLEM_ERROR_OTHER, e.what(), {});
  }
  return {};
}

inline CancelToken token_of(const xylem_cancel* cancel) {
  return cancel != nullptr ? cancel->source.token() : CancelToken();
}

}  // namespace xylem::api
