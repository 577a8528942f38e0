#include "xylem/error.hpp"

namespace xylem {

namespace {

class Category : public std::error_category {
 public:
  const char* name() const noexcept override { return "xylem"; }
  std::string message(int value) const override {
    return std::string(xylem::name(static_cast<ErrorKind>(value)));
  }
};

constexpr int first_exit_code = 3;

}  // namespace

std::string_view name(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::NotFound:
      return "not-found";
    case ErrorKind::Unauthorized:
      return "unauthorized";
    case ErrorKind::Network:
      return "network";
    case ErrorKind::Timeout:
      return "timeout";
    case ErrorKind::Corrupt:
      return "corrupt";
    case ErrorKind::SignatureInvalid:
      return "signature-invalid";
    case ErrorKind::NoSpace:
      return "no-space";
    case ErrorKind::Locked:
      return "locked";
    case ErrorKind::Cancelled:
      return "cancelled";
    case ErrorKind::Unsupported:
      return "unsupported";
    case ErrorKind::InvalidArgument:
      return "invalid-argument";
    case ErrorKind::Downgrade:
      return "downgrade";
    case ErrorKind::Io:
      return "io";
    case ErrorKind::Conflict:
      return "conflict";
  }
  return "unknown";
}

int exit_code(ErrorKind kind) noexcept {
  return static_cast<int>(kind) - static_cast<int>(ErrorKind::NotFound) + first_exit_code;
}

const std::error_category& error_category() noexcept {
  static const Category category;
  return category;
}

std::error_code make_error_code(ErrorKind kind) noexcept {
  return {static_cast<int>(kind), error_category()};
}

Error::Error(ErrorKind kind, std::string message, ErrorDetails details)
    : kind_(kind), message_(std::move(message)), details_(std::move(details)) {}

Error& Error::prefix(std::string_view context) {
  message_.insert(0, std::string(context) + ": ");
  return *this;
}

Error& Error::hint(std::string_view next_step) {
  if (details_.hint.empty()) details_.hint = next_step;
  return *this;
}

}  // namespace xylem
