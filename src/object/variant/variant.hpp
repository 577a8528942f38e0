#pragma once

/// \file
/// Room `object/variant`: GVariant values as bytes: taken apart, checked and built. Knows nothing
/// of what the values mean.
///
/// GVariants from and to bytes, with the checks that untrusted bytes need.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/codec/checksum.hpp"
#include "base/glib.hpp"

namespace xylem::object {

/// Copies `bytes` into a variant of `type`; throws Error(Corrupt) unless they are in normal form,
/// which also bounds how deep variants nest. `what` names the thing in the message ("commit",
/// "summary").
GVariantPtr parse_variant(const char* type, ByteView bytes, std::string_view what);
/// As above without the copy: `bytes` must outlive the variant and all that is taken out of it.
GVariantPtr borrow_variant(const char* type, ByteView bytes, std::string_view what);
Bytes serialize_variant(GVariant* variant);

GVariantPtr child(GVariant* container, std::size_t index);
/// A child of type `t` that is stored big-endian.
std::uint64_t be64_child(GVariant* container, std::size_t index);

/// The text of an `s`, borrowed from `string`.
std::string_view text_of(GVariant* string);
/// An `s`; throws Error(InvalidArgument) unless `text` is UTF-8 without NUL.
GVariantPtr make_string(std::string_view text);

/// The bytes of an `ay`, borrowed from `variant`.
ByteView bytes_of(GVariant* byte_array);
GVariantPtr make_byte_array(ByteView bytes);

/// A checksum from an `ay` of exactly 32 bytes; throws Error(Corrupt) that names `what`.
Checksum checksum_of(GVariant* byte_array, std::string_view what);

/// An `a{sv}`, as metadata of commits, summaries and deltas. Immutable and cheap to copy.
class Dict {
 public:
  Dict();  ///< Empty.
  /// Shares `variant`, which must be of type a{sv}.
  explicit Dict(GVariantPtr variant);
  Dict(const Dict& other);
  Dict& operator=(const Dict& other);
  Dict(Dict&&) noexcept = default;
  Dict& operator=(Dict&&) noexcept = default;
  ~Dict() = default;

  GVariant* get() const { return variant_.get(); }
  bool empty() const;
  /// The value of `key` if it has this type, else null. `type` may be null for any type.
  GVariantPtr find(const char* key, const char* type = nullptr) const;
  /// As above, of the last entry where several have the key; find() gives the first.
  GVariantPtr find_last(const char* key) const;
  std::optional<std::string> find_string(const char* key) const;
  std::optional<bool> find_bool(const char* key) const;
  /// A `t` that is stored big-endian.
  std::optional<std::uint64_t> find_be64(const char* key) const;
  std::optional<std::vector<std::string>> find_strings(const char* key) const;
  /// Keys in their stored order.
  std::vector<std::string> keys() const;

 private:
  GVariantPtr variant_;
};

/// Builds an `a{sv}`; keys keep the order in which they are added.
class DictBuilder {
 public:
  DictBuilder();
  /// Starts with all entries of `base`; a key that is set later replaces one of the same name.
  explicit DictBuilder(const Dict& base);
  DictBuilder& set(const std::string& key, GVariantPtr value);
  DictBuilder& set(const std::string& key, std::string_view value);
  DictBuilder& set(const std::string& key, const std::vector<std::string>& value);
  /// Beside one of the same name: a reader finds the first of them.
  DictBuilder& append(const std::string& key, GVariantPtr value);
  DictBuilder& append(const std::string& key, std::string_view value);
  DictBuilder& append(const std::string& key, const std::vector<std::string>& value);
  DictBuilder& set_bool(const std::string& key, bool value);
  DictBuilder& set_be64(const std::string& key, std::uint64_t value);
  DictBuilder& remove(const std::string& key);
  Dict build() const;

 private:
  std::vector<std::pair<std::string, GVariantPtr>> entries_;
};

}  // namespace xylem::object
