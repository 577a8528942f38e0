#include "cli/text/object_text.hpp"

#include <fmt/format.h>

#include "cli/text/commit_text.hpp"
#include "cli/text/variant_text.hpp"

namespace xylem::cli {

namespace {

using object::ObjectType;

const char* format_of(ObjectType type) {
  switch (type) {
    case ObjectType::DirTree:
      return "(a(say)a(sayay))";
    case ObjectType::DirMeta:
      return "(uuua(ayay))";
    default:
      return "(a{sv}aya(say)sstayay)";
  }
}

}  // namespace

GVariantPtr object_variant(ObjectType type, ByteView bytes) {
  return object::parse_variant(format_of(type), bytes, object::extension(type));
}

std::string object_text(const repo::Repo& repo, const object::ObjectName& name,
                        const ObjectTextOptions& options) {
  const Bytes bytes = repo.load_metadata(name);
  std::string text = fmt::format("{} {}\n", object::extension(name.type), name.checksum.hex());
  if (options.raw || options.no_byteswap)
    text += variant_text(object_variant(name.type, bytes).get(), !options.no_byteswap) + "\n";
  const bool only_raw = options.raw && !options.no_byteswap;
  if (name.type == ObjectType::Commit && !only_raw)
    text += commit_text(object::parse_commit(bytes));
  return text;
}

}  // namespace xylem::cli
