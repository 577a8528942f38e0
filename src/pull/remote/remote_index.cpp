#include "pull/remote/remote_index.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>

#include "base/similar.hpp"
#include "object/names/names.hpp"
#include "object/names/object_name.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/mode.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace layout = repo::layout;

namespace {

constexpr std::uint64_t max_ref_file = 64 * 1024;
constexpr std::size_t quoted_length = 64;

/// The start of something unexpected, fit for a message.
std::string quote(ByteView content) {
  std::string text(as_text(content.first(std::min(content.size(), quoted_length))));
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, ' ');
  return content.size() > quoted_length ? text + "…" : text;
}

void require_archive(const object::Summary& summary, const std::string& where) {
  const auto mode = summary.mode();
  if (!mode || repo::parse_mode(*mode) == repo::Mode::Archive) return;
  throw Error(ErrorKind::Unsupported,
              fmt::format("Can't pull from archives with mode \"{}\": {}", *mode, where))
      .hint("only a repository in archive mode can be pulled over HTTP");
}

}  // namespace

Checksum parse_ref_file(ByteView content, const RefName& ref, std::string_view where) {
  std::string_view text = as_text(content);
  while (!text.empty() && g_ascii_isspace(text.back())) text.remove_suffix(1);
  while (!text.empty() && g_ascii_isspace(text.front())) text.remove_prefix(1);
  if (const auto checksum = Checksum::from_hex(text)) return *checksum;
  throw Error(ErrorKind::Corrupt,
              fmt::format("Fetching checksum for ref ({}, {}): Invalid rev {}: it came from {}",
                          ref.collection_id.value_or("(empty)"), ref.ref, quote(content), where))
      .hint("the URL may lead to a web page or a login portal instead of a repository");
}

asio::awaitable<void> RemoteIndex::load() {
  if (std::exchange(loaded_, true)) co_return;
  auto files = co_await fetch_.run();
  if (!files) co_return;
  summary_ = object::parse_summary(files->summary);
  require_archive(*summary_, files_.where());
  raw_ = std::move(*files);
}

asio::awaitable<FoundRef> RemoteIndex::find_ref(std::string ref) {
  co_await load();
  if (summary_) co_return find_in_summary(ref);
  co_return co_await find_ref_file(std::move(ref));
}

std::string RemoteIndex::hint_for_ref(const std::string& ref) const {
  std::vector<std::string> names;
  for (const object::SummaryRef& entry : summary_->refs) names.push_back(entry.ref);
  const std::string meant = nearest(ref, names);
  return (meant.empty() ? "" : fmt::format("Did you mean {}? ", object::quoted(meant))) +
         "`xylem remote refs` lists what the server has";
}

FoundRef RemoteIndex::find_in_summary(const std::string& ref) const {
  const object::SummaryRef* entry =
      collection_id_ ? summary_->find(*collection_id_, ref) : summary_->find(ref);
  if (entry != nullptr)
    return {entry->commit, entry->commit_size,
            collection_id_ ? collection_id_ : summary_->collection_id()};
  throw Error(ErrorKind::NotFound,
              collection_id_ ? fmt::format("No such branch ({}, {}) in repository summary",
                                           *collection_id_, ref)
                             : fmt::format("No such branch '{}' in repository summary", ref))
      .hint(hint_for_ref(ref));
}

asio::awaitable<FoundRef> RemoteIndex::find_ref_file(std::string ref) {
  std::string path = layout::ref_file(ref);
  auto content = co_await files_.try_fetch(path, max_ref_file);
  if (!content && collection_id_) {
    path = layout::mirror_ref_file(*collection_id_, ref);
    content = co_await files_.try_fetch(path, max_ref_file);
  }
  if (!content) refuse_ref(ref, path);
  const Checksum commit = parse_ref_file(*content, {collection_id_, ref}, files_.where());
  co_return FoundRef{commit, std::nullopt, std::nullopt};
}

/// That we may not see the file says nothing of the ref; that we may not see the summary does not
/// either, but the file would do.
void RemoteIndex::refuse_ref(const std::string& ref, const std::string& path) const {
  if (const auto denied = files_.denial(path))
    throw Error(*denied).prefix(fmt::format("No access to branch '{}' at {}", ref, files_.where()));
  const char* summary =
      files_.denial(layout::summary) ? "a summary (HTTP status 403)" : "a summary";
  throw Error(
      ErrorKind::NotFound,
      fmt::format("No such branch '{}' at {}: the server has neither {} nor {} (HTTP 404 or 410)",
                  ref, files_.where(), summary, path))
      .hint("check the spelling of the ref and the URL of the remote");
}

asio::awaitable<std::vector<std::string>> RemoteIndex::list_refs() {
  co_await load();
  if (const auto denied = files_.denial(layout::summary); denied && !summary_)
    throw Error(*denied).prefix(fmt::format("No access to the summary of {}", files_.where()));
  if (!summary_)
    throw Error(ErrorKind::NotFound,
                "Fetching all refs was requested in mirror mode, but remote repository does not "
                "have a summary")
        .hint("name the refs to mirror, or have the server run `xylem summary -u`");
  std::vector<std::string> refs;
  for (const object::SummaryRef& entry : summary_->refs) refs.push_back(entry.ref);
  co_return refs;
}

asio::awaitable<DeltaListing> RemoteIndex::list_deltas(bool load) {
  if (load) co_await this->load();
  if (!summary_) co_return DeltaListing{};
  const object::Dict& metadata = summary_->metadata;
  const bool indexed = metadata.find_bool(object::summary_key::indexed_deltas).value_or(false);
  DeltaListing listing{.is_loaded = true, .has_indexes = indexed};
  for (const delta::DeltaEntry& entry : delta::listed_deltas(metadata))
    listing.deltas.push_back({entry.name, entry.superblock});
  co_return listing;
}

asio::awaitable<std::optional<repo::SummaryFiles>> RemoteIndex::summary_files() {
  co_await load();
  if (!summary_) co_return std::nullopt;
  co_return raw_;
}

}  // namespace xylem::pull
