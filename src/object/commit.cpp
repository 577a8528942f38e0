#include "object/commit.hpp"

#include "base/codec/sha256.hpp"
#include "object/variant/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char commit_type[] = "(a{sv}aya(say)sstayay)";

/// Where things are in the tuple. The third field, related commits, is always empty.
enum Field { Metadata, Parent, Related, Subject, Body, Timestamp, RootTree, RootMeta };

std::optional<Checksum> parse_parent(GVariant* field) {
  if (bytes_of(field).empty()) return std::nullopt;
  return checksum_of(field, "checksum of the parent commit");
}

void refuse_empty_key(GVariant* metadata) {
  const std::size_t count = g_variant_n_children(metadata);
  for (std::size_t i = 0; i < count; ++i)
    if (text_of(child(child(metadata, i).get(), 0).get()).empty())
      throw Error(ErrorKind::Corrupt, "The commit has metadata without a key");
}

}  // namespace

Checksum Commit::content_checksum() const {
  Sha256 hash;
  hash.update(root_tree.bytes());
  hash.update(root_meta.bytes());
  return hash.finish();
}

Commit parse_commit(ByteView bytes) {
  const GVariantPtr variant = parse_variant(commit_type, bytes, "commit");
  const auto field = [&](Field index) { return child(variant.get(), index); };
  Commit commit;
  commit.metadata = Dict(field(Metadata));
  commit.parent = parse_parent(field(Parent).get());
  commit.subject = text_of(field(Subject).get());
  commit.body = text_of(field(Body).get());
  commit.timestamp = be64_child(variant.get(), Timestamp);
  commit.root_tree = checksum_of(field(RootTree).get(), "checksum of the root dirtree");
  commit.root_meta = checksum_of(field(RootMeta).get(), "checksum of the root dirmeta");
  refuse_empty_key(commit.metadata.get());
  return commit;
}

Bytes serialize_commit(const Commit& commit) {
  VariantBuilder builder(commit_type);
  builder.add(commit.metadata)
      .add(make_byte_array(commit.parent ? commit.parent->bytes() : ByteView{}))
      .add(VariantBuilder("a(say)").finish())
      .add(std::string_view(commit.subject))
      .add(std::string_view(commit.body))
      .add_be64(commit.timestamp)
      .add(commit.root_tree)
      .add(commit.root_meta);
  return serialize_variant(builder.finish().get());
}

}  // namespace xylem::object
