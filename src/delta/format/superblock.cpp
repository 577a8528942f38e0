#include "delta/format/superblock.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/codec/sha256.hpp"
#include "object/commit.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

using object::child;
using object::ObjectName;
using object::ObjectType;

namespace {

constexpr char inline_part_type[] = "(yay)";

/// Children of the superblock.
enum Field {
  metadata_at,
  timestamp_at,
  from_at,
  to_at,
  commit_at,
  recurse_at,
  parts_at,
  fallbacks_at
};

/// A type and a checksum in the list of a part.
constexpr std::size_t listed_object_size = 1 + Checksum::size;
/// Two commits.
constexpr std::size_t recurse_entry_size = 2 * Checksum::size;

[[noreturn]] void refuse_superblock(const std::string& why) {
  throw Error(ErrorKind::Corrupt, "The delta is damaged: " + why);
}

ByteView data_of(GVariant* variant) {
  return {static_cast<const std::uint8_t*>(g_variant_get_data(variant)),
          g_variant_get_size(variant)};
}

std::uint64_t little64(GVariant* container, std::size_t index) {
  return GUINT64_TO_LE(g_variant_get_uint64(child(container, index).get()));
}

std::uint8_t byte_child(GVariant* container, std::size_t index) {
  return g_variant_get_byte(child(container, index).get());
}

Checksum checksum_child(GVariant* container, std::size_t index, std::string_view what) {
  return object::checksum_of(child(container, index).get(), what);
}

ObjectName parse_object(ByteView entry) {
  const auto type = static_cast<ObjectType>(entry.front());
  const ObjectName name{Checksum::from_bytes(entry.subspan(1)).value(), type};
  if (type == ObjectType::Commit)
    refuse_superblock("it has the commit " + name.checksum.hex() + " in a part");
  if (type != ObjectType::File && type != ObjectType::DirTree && type != ObjectType::DirMeta)
    refuse_superblock(fmt::format("it has an object of type {} in a part", entry.front()));
  return name;
}

std::vector<ObjectName> parse_objects(ByteView list) {
  if (list.size() % listed_object_size != 0)
    refuse_superblock(fmt::format("a part has a list of objects of {} bytes", list.size()));
  std::vector<ObjectName> objects;
  objects.reserve(list.size() / listed_object_size);
  for (; !list.empty(); list = list.subspan(listed_object_size))
    objects.push_back(parse_object(list.first(listed_object_size)));
  return objects;
}

/// The numbers as if they were little-endian.
PartHeader parse_part(GVariant* header) {
  return {GUINT32_TO_LE(g_variant_get_uint32(child(header, 0).get())),
          checksum_child(header, 1, "checksum of a delta part"), little64(header, 2),
          little64(header, 3), parse_objects(object::bytes_of(child(header, 4).get()))};
}

Fallback parse_fallback(GVariant* fallback) {
  const std::uint8_t type = byte_child(fallback, 0);
  if (type != static_cast<std::uint8_t>(ObjectType::File))
    refuse_superblock(fmt::format("it says to fetch an object of type {} by itself", type));
  return {{checksum_child(fallback, 1, "checksum of a fallback object"), ObjectType::File},
          little64(fallback, 2),
          little64(fallback, 3)};
}

template <typename Entry>
std::vector<Entry> parse_list(const GVariantPtr& list, Entry (*parse)(GVariant*)) {
  std::vector<Entry> entries;
  const std::size_t count = g_variant_n_children(list.get());
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) entries.push_back(parse(child(list.get(), i).get()));
  return entries;
}

std::vector<std::uint64_t> sizes_in(const Superblock& superblock) {
  std::vector<std::uint64_t> sizes;
  for (const PartHeader& part : superblock.parts)
    sizes.insert(sizes.end(), {part.size, part.content_size});
  for (const Fallback& fallback : superblock.fallbacks)
    sizes.insert(sizes.end(), {fallback.stored_size, fallback.content_size});
  return sizes;
}

/// Finds out the order of the numbers, which were read as little-endian, and corrects them.
void settle_byte_order(Superblock& superblock) {
  const GVariantPtr tag = superblock.metadata.find(superblock_key::endianness, "y");
  const auto tagged = tag ? byte_order_of_tag(g_variant_get_byte(tag.get())) : std::nullopt;
  superblock.order_is_guessed = !tagged;
  superblock.order = tagged ? *tagged : guess_byte_order(sizes_in(superblock));
  for (PartHeader& part : superblock.parts) {
    part.version = reordered(part.version, superblock.order);
    part.size = reordered(part.size, superblock.order);
    part.content_size = reordered(part.content_size, superblock.order);
  }
  for (Fallback& fallback : superblock.fallbacks) {
    fallback.stored_size = reordered(fallback.stored_size, superblock.order);
    fallback.content_size = reordered(fallback.content_size, superblock.order);
  }
}

std::optional<Checksum> parse_from(GVariant* from) {
  if (object::bytes_of(from).empty()) return std::nullopt;
  return object::checksum_of(from, "commit that a delta starts from");
}

void require_commit(const Superblock& superblock) {
  if (sha256(superblock.commit) != superblock.to)
    refuse_superblock(fmt::format("the commit in it is not {}", superblock.to.hex()));
  object::parse_commit(superblock.commit);
}

/// Digits alone, without a zero before them.
std::optional<std::size_t> parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || std::to_string(number) != text) return std::nullopt;
  return number;
}

}  // namespace

Superblock parse_superblock(ByteView bytes) {
  const GVariantPtr variant = object::borrow_variant(superblock_type, bytes, "delta");
  GVariant* const fields = variant.get();
  const GVariantPtr commit = child(fields, commit_at);
  const ByteView commit_bytes = data_of(commit.get());
  const ByteView recurse = object::bytes_of(child(fields, recurse_at).get());

  Superblock superblock{.metadata = object::Dict(child(fields, metadata_at)),
                        .timestamp = object::be64_child(fields, timestamp_at),
                        .from = parse_from(child(fields, from_at).get()),
                        .to = checksum_child(fields, to_at, "commit that a delta leads to"),
                        .commit = Bytes(commit_bytes.begin(), commit_bytes.end()),
                        .recurse_count = recurse.size() / recurse_entry_size,
                        .parts = parse_list(child(fields, parts_at), parse_part),
                        .fallbacks = parse_list(child(fields, fallbacks_at), parse_fallback)};
  require_commit(superblock);
  settle_byte_order(superblock);
  return superblock;
}

void require_name(const Superblock& superblock, const DeltaName& asked) {
  if (superblock.name() != asked)
    throw Error(ErrorKind::Corrupt,
                fmt::format("The delta is {}, not {}", superblock.name().text(), asked.text()));
}

std::map<std::size_t, ByteView> inline_parts(const Superblock& superblock) {
  std::map<std::size_t, ByteView> parts;
  const std::string dir = superblock.name().dir() + "/";
  const std::size_t count = g_variant_n_children(superblock.metadata.get());
  for (std::size_t i = 0; i < count; ++i) {
    const GVariantPtr entry = child(superblock.metadata.get(), i);
    const GVariantPtr key = child(entry.get(), 0);
    const std::string_view name = object::text_of(key.get());
    if (!name.starts_with(dir)) continue;
    const auto number = parse_number(name.substr(dir.size()));
    const GVariantPtr value(g_variant_get_variant(child(entry.get(), 1).get()));
    if (number && g_variant_is_of_type(value.get(), G_VARIANT_TYPE(inline_part_type)))
      parts.emplace(*number, data_of(value.get()));
  }
  return parts;
}

std::optional<object::Dict> detached_metadata(const Superblock& superblock) {
  GVariantPtr value = superblock.metadata.find(superblock.name().commitmeta().c_str(), "a{sv}");
  if (!value) return std::nullopt;
  return object::Dict(std::move(value));
}

}  // namespace xylem::delta
