#pragma once

/// \file
/// Room `cli/text`: text and JSON output: objects, signatures, lists. Knows nothing of how the
/// work is done.
///
/// Metadata objects as text, as `ostree log` and `ostree show` print them.

#include <string>

#include "base/glib.hpp"

#include "object/commit.hpp"
#include "object/names/object_name.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

struct ObjectTextOptions {
  bool raw = false;          ///< The whole value in GVariant text format.
  bool no_byteswap = false;  ///< The same without turning numbers around, then the usual text too.
};

/// The bytes of a commit, dirtree or dirmeta as a value.
GVariantPtr object_variant(object::ObjectType type, ByteView bytes);

/// Parent, checksum, date, version, subject and body, with an empty line at the end. Throws
/// Error(Corrupt) for a date that no calendar has.
std::string commit_text(const object::Commit& commit);

/// "2026-11-21 08:28:13 +0000".
std::string timestamp_text(std::uint64_t seconds);

/// "commit CHECKSUM", and below it what there is to say.
std::string object_text(const repo::Repo& repo, const object::ObjectName& name,
                        const ObjectTextOptions& options);

}  // namespace xylem::cli
