#include <algorithm>

#include "object/variant/variant.hpp"
#include "object/variant/variant_builder.hpp"

namespace xylem::object {

namespace {

constexpr char dict_type[] = "a{sv}";

GVariantPtr empty_dict() {
  static const GVariantPtr empty = VariantBuilder(dict_type).finish();
  return share(empty);
}

GVariantPtr make_entry(const std::string& key, const GVariantPtr& value) {
  return VariantBuilder("{sv}")
      .add(std::string_view(key))
      .add(take_variant(g_variant_new_variant(value.get())))
      .finish();
}

GVariantPtr make_strings(const std::vector<std::string>& texts) {
  VariantBuilder list("as");
  for (const std::string& text : texts) list.add(std::string_view(text));
  return list.finish();
}

}  // namespace

Dict::Dict() : variant_(empty_dict()) {}

Dict::Dict(GVariantPtr variant) : variant_(std::move(variant)) {}

Dict::Dict(const Dict& other) : variant_(share(other.variant_)) {}

Dict& Dict::operator=(const Dict& other) {
  variant_ = share(other.variant_);
  return *this;
}

bool Dict::empty() const {
  return g_variant_n_children(get()) == 0;
}

GVariantPtr Dict::find(const char* key, const char* type) const {
  return GVariantPtr(
      g_variant_lookup_value(get(), key, type == nullptr ? nullptr : G_VARIANT_TYPE(type)));
}

GVariantPtr Dict::find_last(const char* key) const {
  for (std::size_t i = g_variant_n_children(get()); i > 0; --i) {
    const GVariantPtr entry = child(get(), i - 1);
    if (text_of(child(entry.get(), 0).get()) == key)
      return GVariantPtr(g_variant_get_variant(child(entry.get(), 1).get()));
  }
  return {};
}

std::optional<std::string> Dict::find_string(const char* key) const {
  const GVariantPtr value = find(key, "s");
  if (!value) return std::nullopt;
  return std::string(text_of(value.get()));
}

std::optional<bool> Dict::find_bool(const char* key) const {
  const GVariantPtr value = find(key, "b");
  if (!value) return std::nullopt;
  return g_variant_get_boolean(value.get()) != 0;
}

std::optional<std::uint64_t> Dict::find_be64(const char* key) const {
  const GVariantPtr value = find(key, "t");
  if (!value) return std::nullopt;
  return GUINT64_FROM_BE(g_variant_get_uint64(value.get()));
}

std::optional<std::vector<std::string>> Dict::find_strings(const char* key) const {
  const GVariantPtr value = find(key, "as");
  if (!value) return std::nullopt;
  std::vector<std::string> strings(g_variant_n_children(value.get()));
  for (std::size_t i = 0; i < strings.size(); ++i)
    strings[i] = text_of(child(value.get(), i).get());
  return strings;
}

std::vector<std::string> Dict::keys() const {
  std::vector<std::string> keys(g_variant_n_children(get()));
  for (std::size_t i = 0; i < keys.size(); ++i)
    keys[i] = text_of(child(child(get(), i).get(), 0).get());
  return keys;
}

DictBuilder::DictBuilder() = default;

DictBuilder::DictBuilder(const Dict& base) {
  const std::size_t count = g_variant_n_children(base.get());
  for (std::size_t i = 0; i < count; ++i) {
    const GVariantPtr entry = child(base.get(), i);
    const GVariantPtr boxed = child(entry.get(), 1);
    entries_.emplace_back(text_of(child(entry.get(), 0).get()),
                          GVariantPtr(g_variant_get_variant(boxed.get())));
  }
}

DictBuilder& DictBuilder::set(const std::string& key, GVariantPtr value) {
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const auto& entry) { return entry.first == key; });
  if (same != entries_.end())
    same->second = std::move(value);
  else
    entries_.emplace_back(key, std::move(value));
  return *this;
}

DictBuilder& DictBuilder::set(const std::string& key, std::string_view value) {
  return set(key, make_string(value));
}

DictBuilder& DictBuilder::set(const std::string& key, const std::vector<std::string>& value) {
  return set(key, make_strings(value));
}

DictBuilder& DictBuilder::append(const std::string& key, GVariantPtr value) {
  entries_.emplace_back(key, std::move(value));
  return *this;
}

DictBuilder& DictBuilder::append(const std::string& key, std::string_view value) {
  return append(key, make_string(value));
}

DictBuilder& DictBuilder::append(const std::string& key, const std::vector<std::string>& value) {
  return append(key, make_strings(value));
}

DictBuilder& DictBuilder::set_bool(const std::string& key, bool value) {
  return set(key, take_variant(g_variant_new_boolean(value)));
}

DictBuilder& DictBuilder::set_be64(const std::string& key, std::uint64_t value) {
  return set(key, take_variant(g_variant_new_uint64(GUINT64_TO_BE(value))));
}

DictBuilder& DictBuilder::remove(const std::string& key) {
  std::erase_if(entries_, [&](const auto& entry) { return entry.first == key; });
  return *this;
}

Dict DictBuilder::build() const {
  VariantBuilder dict(dict_type);
  for (const auto& [key, value] : entries_) dict.add(make_entry(key, value));
  return Dict(dict.finish());
}

}  // namespace xylem::object
