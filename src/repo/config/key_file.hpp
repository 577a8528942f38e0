#pragma once

/// \file
/// GKeyFile with C++ types. Comments and order of a file survive loading and saving. Reading is
/// safe from several threads at once.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/glib.hpp"

namespace xylem::repo {

class KeyFile {
 public:
  KeyFile();
  /// Throws Error(InvalidArgument) that names `path`, line and problem.
  static KeyFile parse(ByteView text, std::string_view path);
  KeyFile(const KeyFile& other);
  KeyFile& operator=(const KeyFile& other);
  KeyFile(KeyFile&&) noexcept = default;
  KeyFile& operator=(KeyFile&&) noexcept = default;
  ~KeyFile() = default;

  std::vector<std::string> groups() const;
  bool has_group(const std::string& group) const;
  bool has_key(const std::string& group, const std::string& key) const;
  std::vector<std::string> keys(const std::string& group) const;

  /// Each is nullopt when group or key is missing, and throws Error(InvalidArgument) that names
  /// both when the value is not of its type.
  std::optional<std::string> find_string(const std::string& group, const std::string& key) const;
  std::optional<bool> find_bool(const std::string& group, const std::string& key) const;
  std::optional<std::int64_t> find_int(const std::string& group, const std::string& key) const;
  /// Elements separated by ";" or ",". Empty ones count, but for those at the end.
  std::optional<std::vector<std::string>> find_list(const std::string& group,
                                                    const std::string& key) const;

  /// Makes group and key as needed. Throws Error(InvalidArgument) for names that the format cannot
  /// hold, and for what is not UTF-8.
  void set(const std::string& group, const std::string& key, const std::string& value);
  /// False if it was not there.
  bool remove_key(const std::string& group, const std::string& key);
  bool remove_group(const std::string& group);
  std::string text() const;

 private:
  GKeyFilePtr file_;
};

}  // namespace xylem::repo
