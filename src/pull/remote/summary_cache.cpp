#include "pull/remote/summary_cache.hpp"

#include <fcntl.h>

#include "base/http_date.hpp"
#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "fetcher/http/response_head.hpp"
#include "object/summary.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr char etag_name[] = "user.etag";
constexpr char url_name[] = "user.xylem.url";

/// Tells programs that make backups that they need not keep it (bford.info/cachedir).
constexpr char tag_name[] = "CACHEDIR.TAG";
constexpr char tag_text[] =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Summaries that were fetched before; they may be deleted at any time.\n";

std::string text_attribute(FileDescriptor file, const std::string& name) {
  const auto value = os::try_get_xattr(file, name);
  const bool usable = value && as_text(*value).find('\0') == std::string_view::npos;
  return usable ? std::string(as_text(*value)) : "";
}

void set_text_attribute(FileDescriptor file, const std::string& name, const std::string& value) {
  if (!value.empty()) os::try_set_xattr(file, name, as_bytes(value));
}

fetcher::Validators read_validators(FileDescriptor file) {
  fetcher::Validators validators{.etag = text_attribute(file, etag_name)};
  const auto time = os::stat(file).st_mtim.tv_sec;
  if (time > 0) validators.last_modified = format_http_date(time);
  return validators;
}

}  // namespace

SummaryCache::SummaryCache(UniqueFd dir, std::string remote, std::string url, bool fsync)
    : dir_(std::move(dir)), remote_(std::move(remote)), url_(std::move(url)), fsync_(fsync) {}

PathAt SummaryCache::path(SummaryPart part) const {
  const char* suffix = part == SummaryPart::Signature ? ".sig" : "";
  return {dir_, repo::layout::cached_summary(remote_) + suffix};
}

std::optional<CachedFile> SummaryCache::load(SummaryPart part) const {
  if (!dir_.valid()) return std::nullopt;
  try {
    const UniqueFd file = os::try_open(path(part), O_RDONLY | O_NOFOLLOW);
    if (!file.valid()) return std::nullopt;
    const std::string url = text_attribute(file, url_name);
    if (!url.empty() && url != url_) return std::nullopt;
    return CachedFile{os::read_file(file, object::default_max_metadata_size),
                      read_validators(file)};
  } catch (const Error& error) {
    log_info("The cached summary of {} cannot be used: {}", remote_, error.what());
    return std::nullopt;
  }
}

void SummaryCache::write(SummaryPart part, const CachedFile& file) const {
  repo::replace_file(path(part), file.bytes, fsync_);
  const UniqueFd written = os::open(path(part), O_RDONLY | O_NOFOLLOW);
  set_text_attribute(written, etag_name, file.validators.etag);
  set_text_attribute(written, url_name, url_);
  const auto time = fetcher::parse_lenient_date(file.validators.last_modified);
  os::set_mtime(written, static_cast<time_t>(time.value_or(0)));
}

void SummaryCache::store(const CachedFile& summary,
                         const std::optional<CachedFile>& signature) const {
  if (!dir_.valid()) return;
  try {
    os::make_dirs({dir_, repo::layout::cached_summaries}, 0755);
    const PathAt tag{dir_, tag_name};
    if (!os::exists(tag)) repo::replace_file(tag, as_bytes(tag_text), false);
    // Never an old signature beside a new summary, wherever we are stopped.
    os::unlink(path(SummaryPart::Signature));
    write(SummaryPart::Summary, summary);
    if (signature) write(SummaryPart::Signature, *signature);
  } catch (const Error& error) {
    log_info("The summary of {} is not cached: {}", remote_, error.what());
  }
}

}  // namespace xylem::pull
