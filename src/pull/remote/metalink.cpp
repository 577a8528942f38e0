#include "pull/remote/metalink.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <charconv>
#include <exception>

#include "base/glib.hpp"
#include "fetcher/http/url.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

struct FreeParser {
  void operator()(GMarkupParseContext* parser) const { g_markup_parse_context_free(parser); }
};

[[noreturn]] void damaged(std::string_view why) {
  throw Error(ErrorKind::Corrupt, fmt::format("The metalink cannot be used: {}", why))
      .hint("check the `metalink` of the remote");
}

std::string attribute(const char* wanted, const char** names, const char** values) {
  for (; *names != nullptr; ++names, ++values)
    if (std::string_view(*names) == wanted) return *values;
  return {};
}

void require_digest(std::string_view type, const std::optional<std::string>& digest,
                    std::size_t size) {
  if (!digest) return;
  const bool valid = digest->size() == size && std::ranges::all_of(*digest, [](char digit) {
                       return g_ascii_isxdigit(digit) != 0;
                     });
  if (!valid) damaged(fmt::format("Invalid hash digest for {}", type));
}

struct Resource {
  std::string url;
  int preference = 0;
};

/// Where the parser is, and what it has found.
class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_name_(file_name) {}

  void parse(ByteView xml);
  Metalink result();

 private:
  static constexpr const char* file_path = "/metalink/files/file";

  static void on_start(GMarkupParseContext*, const char* element, const char** names,
                       const char** values, void* self, GError**) noexcept;
  static void on_end(GMarkupParseContext*, const char* element, void* self, GError**) noexcept;
  static void on_text(GMarkupParseContext*, const char* text, gsize size, void* self,
                      GError**) noexcept;

  template <typename Function>
  void guarded(Function function) noexcept;
  void start(std::string_view element, const char** names, const char** values);
  void end(std::string_view element);
  void take(const std::string& text);

  std::string_view file_name_;
  std::string path_;
  std::string text_;
  std::string hash_type_;
  int preference_ = 0;
  bool in_our_file_ = false;
  bool found_ = false;
  Metalink entry_;
  std::vector<Resource> resources_;
  std::exception_ptr error_;
};

void Reader::parse(ByteView xml) {
  constexpr GMarkupParser callbacks{&on_start, &on_end, &on_text, nullptr, nullptr};
  const std::unique_ptr<GMarkupParseContext, FreeParser> parser(
      g_markup_parse_context_new(&callbacks, G_MARKUP_TREAT_CDATA_AS_TEXT, this, nullptr));
  GError* error = nullptr;
  const std::string_view text = as_text(xml);
  const bool well_formed = g_markup_parse_context_parse(parser.get(), text.data(),
                                                        static_cast<gssize>(text.size()), &error) &&
                           g_markup_parse_context_end_parse(parser.get(), &error);
  const GErrorPtr owned(error);
  if (error_) std::rethrow_exception(error_);
  if (!well_formed) damaged(owned ? owned->message : "it is not well-formed XML");
}

template <typename Function>
void Reader::guarded(Function function) noexcept {
  if (error_) return;
  try {
    function();
  } catch (...) {
    error_ = std::current_exception();
  }
}

void Reader::on_start(GMarkupParseContext*, const char* element, const char** names,
                      const char** values, void* self, GError**) noexcept {
  auto& reader = *static_cast<Reader*>(self);
  reader.guarded([&] { reader.start(element, names, values); });
}

void Reader::on_end(GMarkupParseContext*, const char* element, void* self, GError**) noexcept {
  auto& reader = *static_cast<Reader*>(self);
  reader.guarded([&] { reader.end(element); });
}

void Reader::on_text(GMarkupParseContext*, const char* text, gsize size, void* self,
                     GError**) noexcept {
  auto& reader = *static_cast<Reader*>(self);
  reader.guarded([&] { reader.text_.append(text, size); });
}

void Reader::start(std::string_view element, const char** names, const char** values) {
  path_.append("/").append(element);
  text_.clear();
  if (path_ == file_path) in_our_file_ = !found_ && attribute("name", names, values) == file_name_;
  hash_type_ = attribute("type", names, values);
  const std::string preference = attribute("preference", names, values);
  preference_ = 0;
  std::from_chars(preference.data(), preference.data() + preference.size(), preference_);
}

void Reader::end(std::string_view element) {
  if (in_our_file_) take(text_);
  if (path_ == file_path) {
    found_ = found_ || in_our_file_;
    in_our_file_ = false;
  }
  path_.resize(path_.size() - element.size() - 1);
  text_.clear();
}

void Reader::take(const std::string& text) {
  const std::string_view below = std::string_view(path_).substr(std::string_view(file_path).size());
  if (below == "/size")
    std::from_chars(text.data(), text.data() + text.size(), entry_.size);
  else if (below == "/verification/hash" && hash_type_ == "sha256")
    entry_.sha256 = text;
  else if (below == "/verification/hash" && hash_type_ == "sha512")
    entry_.sha512 = text;
  else if (below == "/resources/url")
    resources_.push_back({text, preference_});
}

Metalink Reader::result() {
  if (!found_) damaged(fmt::format("No <file name='{}'> found", file_name_));
  if (entry_.size == 0) damaged("No <size> element found, or it is 0");
  require_digest("sha256", entry_.sha256, 64);
  require_digest("sha512", entry_.sha512, 128);
  if (!entry_.sha256 && !entry_.sha512)
    damaged("No <verification> element with known <hash type=> found: sha256 or sha512");
  std::ranges::stable_sort(resources_, std::ranges::greater{}, &Resource::preference);
  for (auto& resource : resources_)
    if (fetcher::is_web_url(resource.url)) entry_.urls.push_back(std::move(resource.url));
  if (entry_.urls.empty())
    damaged("No <url method='http'> elements found: it has no http or https URL");
  return std::move(entry_);
}

void require_hash(GChecksumType type, ByteView bytes, const std::optional<std::string>& wanted) {
  if (!wanted) return;
  const GStringPtr found(g_compute_checksum_for_data(type, bytes.data(), bytes.size()));
  if (g_ascii_strcasecmp(found.get(), wanted->c_str()) != 0)
    throw Error(ErrorKind::Corrupt,
                fmt::format("Expected checksum is {} but actual is {}", *wanted, found.get()))
        .hint("the mirror is behind its metalink, or damaged: try again later");
}

}  // namespace

Metalink parse_metalink(ByteView xml, std::string_view file_name) {
  Reader reader(file_name);
  reader.parse(xml);
  return reader.result();
}

void check_against(const Metalink& entry, ByteView bytes) {
  if (bytes.size() != entry.size)
    throw Error(ErrorKind::Corrupt, fmt::format("Expected size is {} bytes but content is {} bytes",
                                                entry.size, bytes.size()))
        .hint("the mirror is behind its metalink, or damaged: try again later");
  require_hash(G_CHECKSUM_SHA256, bytes, entry.sha256);
  require_hash(G_CHECKSUM_SHA512, bytes, entry.sha512);
}

}  // namespace xylem::pull
