#pragma once

/// \file
/// How xylem reports failure: one exception type that carries one of a closed set of kinds.
///
/// This header and cancel.hpp are the vocabulary that every part of xylem shares; they include
/// only the standard library.

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace xylem {

/// What went wrong, as coarse as a caller can act on. Each kind is also the exit code of the
/// `xylem` command (see exit_code()).
enum class ErrorKind {
  NotFound = 1,      ///< A ref, object, remote, path or URL does not exist.
  Unauthorized,      ///< The server wants (other) credentials.
  Network,           ///< Connecting or transferring failed; trying later can help.
  Timeout,           ///< Nothing happened for too long.
  Corrupt,           ///< Bytes do not match their checksum or their format.
  SignatureInvalid,  ///< A signature is missing, bad, or from a key that is not trusted.
  NoSpace,           ///< The file system is full, or the reserve would be used up.
  Locked,            ///< Another process holds a lock for longer than we may wait.
  Cancelled,         ///< The caller asked to stop.
  Unsupported,       ///< Understood, but this build or this repository cannot do it.
  InvalidArgument,   ///< An option, a name or a value is not acceptable.
  Downgrade,         ///< The commit on offer is older than the one we have.
  Io,                ///< Any other failure of the operating system.
  Conflict,          ///< Somebody else changed it meanwhile, and that change stays.
};

/// Stable lower-case name of a kind, for example "not-found".
std::string_view name(ErrorKind kind) noexcept;

/// Process exit code of a kind, 3..16; 1 is any failure that has no kind, 2 a usage error.
int exit_code(ErrorKind kind) noexcept;

/// The category of `std::error_code`s made from ErrorKind.
const std::error_category& error_category() noexcept;
std::error_code make_error_code(ErrorKind kind) noexcept;

/// What is known about a failure besides its message. Empty fields are unknown.
struct ErrorDetails {
  std::string object{};  ///< `<checksum>.<type>`
  std::string url{};     ///< With credentials removed.
  std::string path{};    ///< On the local file system.
  int attempts = 0;      ///< How often a request was tried.
  long http_status = 0;  ///< Last status of the server, 0 if there was none.
  int system_errno = 0;  ///< errno of the call that failed.
  std::optional<std::uint64_t> needed_bytes{};
  std::optional<std::uint64_t> available_bytes{};
  std::string verdict{};  ///< On signatures that were refused: "gpg: unknown key".
  std::string hint{};     ///< The next step that a person can take.
};

/// The one exception that xylem throws on purpose. Copyable; what() never contains credentials.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message, ErrorDetails details = {});

  ErrorKind kind() const noexcept { return kind_; }
  std::error_code code() const noexcept { return make_error_code(kind_); }
  const ErrorDetails& details() const noexcept { return details_; }
  ErrorDetails& details() noexcept { return details_; }
  const char* what() const noexcept override { return message_.c_str(); }

  /// Puts "`context`: " before the message. Returns *this, so that `throw e.prefix(...)` reads
  /// well.
  Error& prefix(std::string_view context);
  /// Sets the hint unless one is there already: the innermost one knows best.
  Error& hint(std::string_view next_step);

 private:
  ErrorKind kind_;
  std::string message_;
  ErrorDetails details_;
};

}  // namespace xylem

template <>
struct std::is_error_code_enum<xylem::ErrorKind> : std::true_type {};
