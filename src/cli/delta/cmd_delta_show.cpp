#include <fmt/format.h>

#include "base/glib.hpp"
#include "cli/delta/cmd_static_delta.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/progress/json_text.hpp"
#include "delta/store/delta_store.hpp"
#include "delta/store/delta_summary.hpp"
#include "repo/read_lock.hpp"

namespace xylem::cli {

namespace {

using delta::DeltaFile;
using delta::Fallback;
using delta::PartHeader;
using delta::PartSummary;
using delta::Superblock;

struct ShowDelta {
  std::string delta;
  bool json = false;
};

/// "1265726 (1.3 MB)".
std::string size_with_unit(std::uint64_t bytes) {
  return fmt::format("{} ({})", bytes, GStringPtr(g_format_size(bytes)).get());
}

std::string order_text(const Superblock& superblock) {
  const std::string name = superblock.order == delta::ByteOrder::Little ? "little" : "big";
  return superblock.order_is_guessed ? name + " (heuristic)" : name;
}

/// Bytes as they are fetched, and as they are afterwards.
struct DeltaSizes {
  std::uint64_t size = 0;
  std::uint64_t content = 0;
};

DeltaSizes delta_sizes(const std::vector<Fallback>& fallbacks) {
  DeltaSizes sum;
  for (const Fallback& fallback : fallbacks) {
    sum.size += fallback.stored_size;
    sum.content += fallback.content_size;
  }
  return sum;
}

DeltaSizes delta_sizes(const std::vector<PartHeader>& parts) {
  DeltaSizes sum;
  for (const PartHeader& part : parts) {
    sum.size += part.size;
    sum.content += part.content_size;
  }
  return sum;
}

void print_delta_sizes(std::string_view label, const DeltaSizes& sizes) {
  fmt::print("Total {}Size: {}\n", label, size_with_unit(sizes.size));
  fmt::print("Total {}Uncompressed Size: {}\n", label, size_with_unit(sizes.content));
}

void print_part(std::size_t index, const PartHeader& header, const PartSummary& part) {
  fmt::print("PartMeta{}: nobjects={} size={} usize={}\n", index, header.objects.size(),
             header.size, header.content_size);
  fmt::print("PartPayload{}: nmodes={} nxattrs={} blobsize={} opsize={}\n", index, part.attributes,
             part.xattrs, part.blob_size, part.operations_size);
  const delta::OperationCounts& counts = part.operations;
  fmt::print(
      "PartPayloadOps{}: openspliceclose={} open={} write={} setread={} unsetread={} close={} "
      "bspatch={}\n",
      index, counts.splice, counts.open, counts.write, counts.set_read_source,
      counts.unset_read_source, counts.close, counts.patch);
}

void print_delta_head(const std::string& name, const DeltaFile& delta) {
  const Superblock& superblock = delta.superblock();
  fmt::print("Delta: {}\n", name);
  fmt::print("Signed: {}\n", delta.is_signed() ? "yes" : "no");
  if (superblock.from)
    fmt::print("From: {}\n", superblock.from->hex());
  else
    fmt::print("From <scratch>\n");
  fmt::print("To: {}\n", superblock.to.hex());
  fmt::print("Endianness: {}\n", order_text(superblock));
  fmt::print("Timestamp: {}\n", superblock.timestamp);
  fmt::print("Number of parents: {}\n", superblock.recurse_count);
}

/// As `ostree static-delta show` prints it.
void print_delta_text(const std::string& name, const DeltaFile& delta, FileDescriptor spool_dir) {
  const Superblock& superblock = delta.superblock();
  print_delta_head(name, delta);
  fmt::print("Number of fallback entries: {}\n", superblock.fallbacks.size());
  for (const Fallback& fallback : superblock.fallbacks)
    fmt::print("  {}\n", fallback.object.checksum.hex());
  const DeltaSizes fallbacks = delta_sizes(superblock.fallbacks);
  print_delta_sizes("Fallback ", fallbacks);
  fmt::print("Number of parts: {}\n", superblock.parts.size());
  for (std::size_t i = 0; i < superblock.parts.size(); ++i)
    print_part(i, superblock.parts[i], delta::summarize_part(delta, i, spool_dir));
  const DeltaSizes parts = delta_sizes(superblock.parts);
  print_delta_sizes("Part ", parts);
  print_delta_sizes("", {parts.size + fallbacks.size, parts.content + fallbacks.content});
}

Json part_json(const PartHeader& header, const PartSummary& part) {
  const delta::OperationCounts& counts = part.operations;
  return {{"objects", header.objects.size()},
          {"size", header.size},
          {"content-size", header.content_size},
          {"payload-size", part.payload_size},
          {"checksum", header.checksum.hex()},
          {"operations",
           {{"splice", counts.splice},
            {"open", counts.open},
            {"write", counts.write},
            {"set-read-source", counts.set_read_source},
            {"unset-read-source", counts.unset_read_source},
            {"close", counts.close},
            {"patch", counts.patch}}}};
}

void print_delta_json(const DeltaFile& delta, FileDescriptor spool_dir) {
  const Superblock& superblock = delta.superblock();
  Json json{{"delta", superblock.name().text()},
            {"from", superblock.from ? Json(superblock.from->hex()) : Json()},
            {"to", superblock.to.hex()},
            {"signed", delta.is_signed()},
            {"byte-order", superblock.order == delta::ByteOrder::Little ? "little" : "big"},
            {"byte-order-guessed", superblock.order_is_guessed},
            {"timestamp", superblock.timestamp}};
  Json& fallbacks = json["fallbacks"] = Json::array();
  for (const Fallback& fallback : superblock.fallbacks)
    fallbacks.push_back({{"object", fallback.object.text()},
                         {"size", fallback.stored_size},
                         {"content-size", fallback.content_size}});
  Json& parts = json["parts"] = Json::array();
  for (std::size_t i = 0; i < superblock.parts.size(); ++i)
    parts.push_back(part_json(superblock.parts[i], delta::summarize_part(delta, i, spool_dir)));
  print_json_line(json);
}

void run(const Globals& globals, const ShowDelta& options) {
  const repo::Repo repo = open_repo(globals);
  if (options.delta.empty()) throw Error(ErrorKind::InvalidArgument, "DELTA must be specified");
  const repo::ReadLock lock(repo);
  const DeltaFile delta = delta::open_delta(repo, options.delta);
  options.json ? print_delta_json(delta, repo.tmp())
               : print_delta_text(options.delta, delta, repo.tmp());
}

}  // namespace

void add_delta_show(CLI::App& group, Globals& globals) {
  auto options = std::make_shared<ShowDelta>();
  CLI::App* command = add_command(group, globals, "show", "Dump information on a delta", "DELTA");
  add_flag(*command, "--json", options->json, "Print the description as one JSON object");
  add_arguments(*command, "DELTA", options->delta);
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
