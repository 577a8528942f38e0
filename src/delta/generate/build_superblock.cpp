#include "delta/generate/build_superblock.hpp"

#include <fmt/format.h>

#include "delta/format/limits.hpp"
#include "object/variant/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

GVariantPtr build_inline_part(ByteView file) {
  return object::VariantBuilder("(yay)")
      .add(take_variant(g_variant_new_byte(file.front())))
      .add(object::make_byte_array(file.subspan(1)))
      .finish();
}

GVariantPtr build_payload_sizes(const std::vector<WrittenPart>& parts) {
  object::VariantBuilder sizes("at");
  for (const WrittenPart& part : parts) sizes.add_be64(part.payload_size);
  return sizes.finish();
}

/// In libostree's order: what others want to say comes first, where they may look for it.
object::Dict build_metadata(const repo::Repo& repo, const SuperblockContent& content) {
  object::DictBuilder metadata(content.metadata);
  metadata.set(superblock_key::payload_sizes, build_payload_sizes(content.parts));
  metadata.set(superblock_key::endianness,
               take_variant(g_variant_new_byte(static_cast<std::uint8_t>(content.order))));
  for (std::size_t i = 0; i < content.inline_parts.size(); ++i)
    metadata.set(content.name.part(i), build_inline_part(content.inline_parts[i]));
  const object::Dict detached = repo.load_commitmeta(content.name.to);
  if (!detached.empty())
    metadata.set(content.name.commitmeta(), GVariantPtr(g_variant_ref(detached.get())));
  return metadata.build();
}

}  // namespace

Bytes build_superblock(const repo::Repo& repo, const SuperblockContent& content) {
  const DeltaName& name = content.name;
  Superblock superblock{.metadata = build_metadata(repo, content),
                        .order = content.order,
                        .timestamp = repo.load_commit(name.to).timestamp,
                        .from = name.from,
                        .to = name.to,
                        .commit = repo.load_metadata({name.to, object::ObjectType::Commit}),
                        .fallbacks = content.fallbacks};
  for (const WrittenPart& part : content.parts) superblock.parts.push_back(part.header);
  Bytes bytes = serialize_superblock(superblock);
  if (bytes.size() > max_superblock_size)
    throw Error(ErrorKind::Unsupported,
                fmt::format("The superblock of delta {} would have {} bytes, more than the {} that "
                            "clients fetch",
                            name.text(), bytes.size(), max_superblock_size))
        .hint("Generate the delta without --inline.");
  return bytes;
}

}  // namespace xylem::delta
