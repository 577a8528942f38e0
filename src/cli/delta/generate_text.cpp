#include "cli/delta/generate_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/glib.hpp"
#include "cli/frame/out.hpp"

namespace xylem::cli {

void announce_delta(const delta::DeltaName& name) {
  fmt::print("Generating static delta:\n  From: {}\n  To:   {}\n",
             name.from ? name.from->hex() : "empty", name.to.hex());
  std::fflush(stdout);
}

void print_statistics(const delta::GenerateReport& report) {
  print_note("modified: {}\n", report.changed_paths);
  print_note("new reachable: metadata={} content regular={} symlink={}\n", report.metadata,
             report.regular_files, report.links);
  for (const delta::Fallback& fallback : report.fallbacks)
    print_note("fallback for {} ({})\n", fallback.object.checksum.hex(),
               GStringPtr(g_format_size(fallback.content_size)).get());
  std::uint64_t payloads = 0;
  std::uint64_t compressed = 0;
  for (std::size_t i = 0; i < report.parts.size(); ++i) {
    const delta::GeneratedPart& part = report.parts[i];
    print_note("part {} n:{} compressed:{} uncompressed:{}\n", i + 1, part.objects, part.size,
               part.payload_size);
    payloads += part.payload_size;
    compressed += part.size;
  }
  print_note("uncompressed={} compressed={} loose={}\n", payloads, compressed, report.loose_size);
  print_note("rollsum={} objects, {} bytes\n", report.copied, report.copied_bytes);
  print_note("bsdiff={} objects\n", report.patched);
}

Json generate_json(const delta::GenerateReport& report) {
  Json json{{"delta", report.name.text()},
            {"from", report.name.from ? Json(report.name.from->hex()) : Json()},
            {"to", report.name.to.hex()},
            {"existed", report.existed}};
  if (report.existed) return json;
  json["size"] = report.size();
  json["superblock-size"] = report.superblock_size;
  json["loose-size"] = report.loose_size;
  json["metadata-objects"] = report.metadata;
  json["files"] = report.regular_files;
  json["symlinks"] = report.links;
  json["copied-files"] = report.copied;
  json["copied-bytes"] = report.copied_bytes;
  json["patched-files"] = report.patched;
  Json& fallbacks = json["fallbacks"] = Json::array();
  for (const delta::Fallback& fallback : report.fallbacks)
    fallbacks.push_back({{"object", fallback.object.text()}, {"size", fallback.stored_size}});
  Json& parts = json["parts"] = Json::array();
  for (const delta::GeneratedPart& part : report.parts)
    parts.push_back(
        {{"objects", part.objects}, {"size", part.size}, {"payload-size", part.payload_size}});
  return json;
}

void GenerateProgress::show(std::size_t done, std::size_t total) {
  constexpr std::size_t all = 100;
  if (::isatty(STDERR_FILENO) != 1) return;
  const std::size_t percent = total == 0 ? all : done * all / total;
  if (visible_ && percent == shown_) return;
  print_note("\rGenerating static delta: {}/{} ({}%)", done, total, percent);
  shown_ = percent;
  visible_ = true;
}

void GenerateProgress::clear() {
  if (visible_) print_note("\r\033[K");
  visible_ = false;
}

}  // namespace xylem::cli
