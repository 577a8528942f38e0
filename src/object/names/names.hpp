#pragma once

/// \file
/// Rules for names that come from outside. Each validate_ function throws Error(InvalidArgument)
/// that names the text.

#include <optional>
#include <string>
#include <string_view>

namespace xylem::object {

/// `text` between quotes for a message: cut at 200 bytes, control characters and what is not UTF-8
/// made visible.
std::string quoted(std::string_view text);
/// The same without the quotes, for messages whose words scripts look for.
std::string shown(std::string_view text);

/// UTF-8 without NUL, which is all that a GVariant holds as text.
bool is_utf8(std::string_view text) noexcept;
/// Throws Error(InvalidArgument) unless it is.
void require_utf8(std::string_view text);

/// Name of a directory entry: UTF-8, not empty, not "." or "..", no "/" and no NUL.
bool is_valid_file_name(std::string_view name) noexcept;

/// `(?:[\w\d][-._\w\d]*/)*[\w\d][-._\w\d]*`, UTF-8; \w and \d as Unicode has them.
bool is_valid_ref(std::string_view ref) noexcept;
/// One component of a ref.
bool is_valid_remote_name(std::string_view remote) noexcept;
/// D-Bus interface name rules, at most 255 bytes.
bool is_valid_collection_id(std::string_view id) noexcept;

void validate_ref(std::string_view ref);
void validate_remote_name(std::string_view remote);
void validate_collection_id(std::string_view id);

/// "remote:ref", or "ref" alone.
struct RefSpec {
  std::optional<std::string> remote;
  std::string ref;

  static RefSpec parse(std::string_view text);
  std::string text() const;
  // NOLINTNEXTLINE(modernize-use-nullptr): the 0 is the compiler's own.
  auto operator<=>(const RefSpec&) const = default;
};

}  // namespace xylem::object
