#include "object/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "object/names/names.hpp"
#include "object/variant/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char summary_type[] = "(a(s(taya{sv}))a{sv})";
constexpr char refs_type[] = "a(s(taya{sv}))";
constexpr char map_type[] = "a{sa(s(taya{sv}))}";

using CollectionMap = std::map<std::string, std::vector<SummaryRef>>;

bool by_ref(const SummaryRef& a, const SummaryRef& b) {
  return a.ref < b.ref;
}

SummaryRef parse_ref(GVariant* entry) {
  const GVariantPtr details = child(entry, 1);
  SummaryRef ref;
  ref.ref = text_of(child(entry, 0).get());
  ref.commit_size = g_variant_get_uint64(child(details.get(), 0).get());
  ref.commit = checksum_of(child(details.get(), 1).get(), "checksum of a commit in the summary");
  ref.metadata = Dict(child(details.get(), 2));
  if (!is_valid_ref(ref.ref))
    throw Error(ErrorKind::Corrupt, fmt::format("The summary has {} as a ref", quoted(ref.ref)));
  return ref;
}

std::vector<SummaryRef> parse_refs(GVariant* list) {
  std::vector<SummaryRef> refs;
  const std::size_t count = g_variant_n_children(list);
  for (std::size_t i = 0; i < count; ++i) refs.push_back(parse_ref(child(list, i).get()));
  // libostree writes them sorted; other servers' tools may not.
  std::stable_sort(refs.begin(), refs.end(), by_ref);
  const auto twice = std::adjacent_find(
      refs.begin(), refs.end(), [](const auto& a, const auto& b) { return a.ref == b.ref; });
  if (twice != refs.end())
    throw Error(ErrorKind::Corrupt,
                fmt::format("The summary has the ref {} twice", quoted(twice->ref)));
  return refs;
}

CollectionMap parse_collection_map(const Dict& metadata) {
  CollectionMap map;
  const GVariantPtr collections = metadata.find(summary_key::collection_map, map_type);
  const std::size_t count = collections ? g_variant_n_children(collections.get()) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const GVariantPtr entry = child(collections.get(), i);
    const std::string id(text_of(child(entry.get(), 0).get()));
    if (!is_valid_collection_id(id) || map.contains(id))
      throw Error(
          ErrorKind::Corrupt,
          fmt::format("The summary has the collection {} twice, or it is not a valid collection ID",
                      quoted(id)));
    map[id] = parse_refs(child(entry.get(), 1).get());
  }
  return map;
}

GVariantPtr build_ref(const SummaryRef& ref) {
  const GVariantPtr details = VariantBuilder("(taya{sv})")
                                  .add_host64(ref.commit_size)
                                  .add(ref.commit)
                                  .add(ref.metadata)
                                  .finish();
  return VariantBuilder("(s(taya{sv}))").add(std::string_view(ref.ref)).add(details).finish();
}

GVariantPtr build_refs(const std::vector<SummaryRef>& refs) {
  VariantBuilder list(refs_type);
  for (const SummaryRef& ref : refs) list.add(build_ref(ref));
  return list.finish();
}

GVariantPtr build_collection_map(const CollectionMap& map) {
  VariantBuilder list(map_type);
  for (const auto& [id, refs] : map)
    list.add(VariantBuilder("{sa(s(taya{sv}))}")
                 .add(std::string_view(id))
                 .add(build_refs(refs))
                 .finish());
  return list.finish();
}

Dict with_collection_map(const Summary& summary) {
  DictBuilder metadata(summary.metadata);
  if (summary.collection_map.empty())
    metadata.remove(summary_key::collection_map);
  else
    metadata.set(summary_key::collection_map, build_collection_map(summary.collection_map));
  return metadata.build();
}

const SummaryRef* find_in(const std::vector<SummaryRef>& refs, std::string_view name) {
  const auto found = std::lower_bound(
      refs.begin(), refs.end(), name,
      [](const SummaryRef& ref, std::string_view wanted) { return ref.ref < wanted; });
  return found != refs.end() && found->ref == name ? &*found : nullptr;
}

}  // namespace

const SummaryRef* Summary::find(std::string_view ref) const {
  return find_in(refs, ref);
}

const SummaryRef* Summary::find(std::string_view collection_id, std::string_view ref) const {
  if (this->collection_id() == collection_id) return find(ref);
  const auto collection = collection_map.find(std::string(collection_id));
  return collection == collection_map.end() ? nullptr : find_in(collection->second, ref);
}

std::optional<std::string> Summary::collection_id() const {
  return metadata.find_string(summary_key::collection_id);
}

std::optional<std::string> Summary::mode() const {
  return metadata.find_string(summary_key::mode);
}

std::optional<std::uint64_t> Summary::last_modified() const {
  return metadata.find_be64(summary_key::last_modified);
}

std::optional<std::uint64_t> Summary::expires() const {
  return metadata.find_be64(summary_key::expires);
}

bool Summary::has_tombstones() const {
  return metadata.find_bool(summary_key::tombstone_commits).value_or(false);
}

Summary parse_summary(ByteView bytes) {
  const GVariantPtr variant = parse_variant(summary_type, bytes, "summary");
  Summary summary;
  summary.refs = parse_refs(child(variant.get(), 0).get());
  summary.metadata = Dict(child(variant.get(), 1));
  summary.collection_map = parse_collection_map(summary.metadata);
  return summary;
}

Bytes serialize_summary(const Summary& summary) {
  return serialize_variant(VariantBuilder(summary_type)
                               .add(build_refs(summary.refs))
                               .add(with_collection_map(summary))
                               .finish()
                               .get());
}

}  // namespace xylem::object
