#include "delta/format/delta_name.hpp"

#include <algorithm>
#include <memory>

#include "base/glib.hpp"

namespace xylem::delta {

namespace {

constexpr char deltas_dir[] = "deltas";
constexpr std::size_t base64_size = 43;

std::string to_base64(const Checksum& checksum) {
  const ByteView bytes = checksum.bytes();
  const GStringPtr text(g_base64_encode(bytes.data(), bytes.size()));
  std::string result(text.get(), base64_size);
  std::ranges::replace(result, '/', '_');
  return result;
}

std::optional<Checksum> from_base64(std::string_view text) {
  if (text.size() != base64_size) return std::nullopt;
  std::string padded(text);
  padded += '=';
  std::ranges::replace(padded, '_', '/');
  gsize size = 0;
  const std::unique_ptr<guchar, GlibFree> bytes(g_base64_decode(padded.c_str(), &size));
  const auto checksum = Checksum::from_bytes(ByteView(bytes.get(), size));
  // The decoder passes over what is not base64.
  if (!checksum || to_base64(*checksum) != text) return std::nullopt;
  return checksum;
}

/// "<2>/<rest>".
std::string split_path(const std::string& base64) {
  return base64.substr(0, 2) + "/" + base64.substr(2);
}

/// One checksum, or two with a dash between them.
std::optional<DeltaName> parse_pair(std::string_view name,
                                    std::optional<Checksum> (*parse)(std::string_view)) {
  const std::size_t dash = name.find('-');
  const auto first = parse(name.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return DeltaName{std::nullopt, *first};
  const auto second = parse(name.substr(dash + 1));
  if (!second) return std::nullopt;
  return DeltaName{first, *second};
}

}  // namespace

std::string DeltaName::text() const {
  return from ? from->hex() + "-" + to.hex() : to.hex();
}

std::string DeltaName::dir() const {
  const std::string base64 = from ? to_base64(*from) + "-" + to_base64(to) : to_base64(to);
  return std::string(deltas_dir) + "/" + split_path(base64);
}

std::optional<DeltaName> parse_delta_name(std::string_view text) {
  return parse_pair(text, Checksum::from_hex);
}

std::optional<DeltaName> parse_delta_dir(std::string_view two, std::string_view rest) {
  if (two.size() != 2) return std::nullopt;
  return parse_pair(std::string(two).append(rest), from_base64);
}

std::string delta_index_file(const Checksum& to) {
  return "delta-indexes/" + split_path(to_base64(to)) + ".index";
}

}  // namespace xylem::delta
