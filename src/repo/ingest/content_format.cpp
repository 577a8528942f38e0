#include "repo/ingest/content_format.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

#include "repo/ingest/content_formats.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// What is on disk in a bare-user repository is what bare-user-only would have written.
bool is_plain_bare_user(const object::FileHeader& header) {
  return (header.mode & S_IRUSR) != 0 && header.uid == 0 && header.gid == 0 &&
         header.xattrs.empty();
}

bool has_plain_body(Mode mode, const object::FileHeader& header) {
  return is_bare(mode) && !header.is_symlink();
}

}  // namespace

void ContentFormat::check(const object::FileHeader&) const {}

std::unique_ptr<ContentFormat> make_content_format(Mode mode, int zlib_level) {
  switch (mode) {
    case Mode::Archive:
      return std::make_unique<ArchiveFormat>(zlib_level);
    case Mode::Bare:
      return std::make_unique<BareFormat>();
    case Mode::BareUser:
      return std::make_unique<BareUserFormat>();
    case Mode::BareUserOnly:
      return std::make_unique<BareUserOnlyFormat>();
    case Mode::BareSplitXattrs:
      // As libostree does when it is told to: content without the objects that hold its attributes.
      // Good for experiments with the mode; fsck reports what is missing.
      if (std::getenv("OSTREE_EXP_WRITE_BARE_SPLIT_XATTRS") != nullptr)
        return std::make_unique<BareUserOnlyFormat>();
      break;
  }
  ErrorDetails details;
  details.hint = "use a repository of another mode as the target";
  throw Error(ErrorKind::Unsupported, "A repository in mode bare-split-xattrs can only be read",
              std::move(details));
}

void require_bare_user_only_mode(const object::FileHeader& header) {
  constexpr std::uint32_t kept = 0775;
  const std::uint32_t permissions = header.mode & ~static_cast<std::uint32_t>(S_IFMT);
  if (header.is_symlink() || (permissions & ~kept) == 0) return;
  ErrorDetails details;
  details.hint = "commit with --canonical-permissions, or use a bare-user repository";
  throw Error(
      ErrorKind::Unsupported,
      fmt::format("invalid mode 0{:04o} with bits 0{:04o}, which bare-user-only cannot keep",
                  permissions, permissions & ~kept),
      std::move(details));
}

ImportWay content_import_way(Mode from, Mode to, const object::FileHeader& header) {
  if (from == to) return ImportWay::Link;
  if (from == Mode::BareUser && to == Mode::BareUserOnly && !header.is_symlink() &&
      is_plain_bare_user(header))
    return ImportWay::Link;
  return import_way_without_link(from, to, header);
}

ImportWay import_way_without_link(Mode from, Mode to, const object::FileHeader& header) {
  const bool same_body =
      from == to ? !header.is_symlink() : has_plain_body(from, header) && is_bare(to);
  return same_body ? ImportWay::Copy : ImportWay::Reencode;
}

}  // namespace xylem::repo
