#include "pull/remote/summary_cache.hpp"

#include <fcntl.h>

#include "base/codec/sha256.hpp"
#include "base/http_date.hpp"
#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "fetcher/http/response_head.hpp"
#include "object/summary.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr char etag_name[] = "user.etag";
constexpr char url_name[] = "user.xylem.url";
constexpr char digest_name[] = "user.xylem.sha256";

/// Tells programs that make backups that they need not keep it (bford.info/cachedir).
constexpr char tag_name[] = "CACHEDIR.TAG";
constexpr char tag_text[] =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Summaries that were fetched before; they may be deleted at any time.\n";

void tag_cache(FileDescriptor dir) {
  const PathAt tag{dir, tag_name};
  if (!os::exists(tag)) repo::replace_file(tag, as_bytes(tag_text), false);
}

std::string text_attribute(FileDescriptor file, const std::string& name) {
  const auto value = os::try_get_xattr(file, name);
  const bool usable = value && as_text(*value).find('\0') == std::string_view::npos;
  return usable ? std::string(as_text(*value)) : "";
}

void set_text_attribute(FileDescriptor file, const std::string& name, const std::string& value) {
  if (!value.empty()) os::try_set_xattr(file, name, as_bytes(value));
}

/// None unless they are of this very content: "not modified" would make anything else be believed.
fetcher::Validators read_validators(FileDescriptor file, const Bytes& content) {
  if (text_attribute(file, digest_name) != sha256(content).hex()) return {};
  fetcher::Validators validators{.etag = text_attribute(file, etag_name)};
  const auto time = os::stat(file).st_mtim.tv_sec;
  if (time > 0) validators.last_modified = format_http_date(time);
  return validators;
}

}  // namespace

SummaryCache::SummaryCache(UniqueFd dir, std::string remote, std::string url, bool fsync)
    : dir_(std::move(dir)), remote_(std::move(remote)), url_(std::move(url)), fsync_(fsync) {}

std::string SummaryCache::name(SummaryPart part) const {
  return remote_ + (part == SummaryPart::Signature ? ".sig" : "");
}

/// Nothing that others could have put there is believed, and nothing is written where they lead us.
UniqueFd SummaryCache::open_summaries() const {
  if (!dir_.valid() || !os::exists({dir_, repo::layout::cached_summaries})) return {};
  UniqueFd dir = os::open_beneath({dir_, repo::layout::cached_summaries}, O_RDONLY | O_DIRECTORY, 0,
                                  os::Symlinks::Refuse);
  const struct stat info = os::stat(dir);
  if (info.st_uid != repo::only_us().user)
    throw Error(ErrorKind::Io, os::path_of(dir) + " belongs to another user");
  constexpr mode_t of_others = 022;
  if ((info.st_mode & of_others) != 0) os::set_mode(dir, info.st_mode & 07777 & ~of_others);
  return dir;
}

std::optional<CachedFile> SummaryCache::load(SummaryPart part) const {
  if (!dir_.valid()) return std::nullopt;
  try {
    const UniqueFd dir = open_summaries();
    if (!dir.valid()) return std::nullopt;
    const UniqueFd file = os::try_open({dir, name(part)}, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!file.valid() || !repo::may_trust(os::stat(file), repo::only_us())) return std::nullopt;
    const std::string url = text_attribute(file, url_name);
    if (!url.empty() && url != url_) return std::nullopt;
    CachedFile cached{os::read_file(file, object::default_max_metadata_size), {}};
    cached.validators = read_validators(file, cached.bytes);
    return cached;
  } catch (const Error& error) {
    log_info("The cached summary of {} cannot be used: {}", remote_, error.what());
    return std::nullopt;
  }
}

void SummaryCache::write(const PathAt& path, const CachedFile& file) const {
  repo::replace_file(path, file.bytes, fsync_);
  const UniqueFd written = os::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  set_text_attribute(written, digest_name, sha256(file.bytes).hex());
  set_text_attribute(written, etag_name, file.validators.etag);
  set_text_attribute(written, url_name, url_);
  const auto time = fetcher::parse_lenient_date(file.validators.last_modified);
  os::set_mtime(written, static_cast<time_t>(time.value_or(0)));
}

void SummaryCache::store(const CachedFile& summary,
                         const std::optional<CachedFile>& signature) const {
  if (!dir_.valid()) return;
  try {
    repo::make_repo_dir({dir_, repo::layout::cached_summaries});
    const UniqueFd dir = open_summaries();
    tag_cache(dir_);
    // Never an old signature beside a new summary, wherever we are stopped.
    os::unlink({dir, name(SummaryPart::Signature)});
    write({dir, name(SummaryPart::Summary)}, summary);
    if (signature) write({dir, name(SummaryPart::Signature)}, *signature);
  } catch (const Error& error) {
    log_info("The summary of {} is not cached: {}", remote_, error.what());
  }
}

}  // namespace xylem::pull
