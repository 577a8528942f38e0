#include "repo/ingest/content_format.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "repo/ingest/archive_format.hpp"
#include "repo/ingest/bare_format.hpp"
#include "repo/ingest/bare_user_format.hpp"
#include "repo/ingest/bare_user_only_format.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

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
  throw Error(ErrorKind::Unsupported,
              fmt::format("Mode {:04o} has bits {:04o} that bare-user-only cannot keep",
                          permissions, permissions & ~kept),
              std::move(details));
}

}  // namespace xylem::repo
