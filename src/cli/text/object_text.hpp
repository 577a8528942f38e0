#pragma once

/// \file
/// Metadata objects as text.

#include <string>

#include "base/glib.hpp"

#include "object/object_name.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

struct ObjectTextOptions {
  bool raw = false;          ///< The whole value in GVariant text format.
  bool no_byteswap = false;  ///< The same without turning numbers around, then the usual text too.
};

/// The bytes of a commit, dirtree or dirmeta as a value.
GVariantPtr object_variant(object::ObjectType type, ByteView bytes);

/// "commit CHECKSUM", and below it what there is to say.
std::string object_text(const repo::Repo& repo, const object::ObjectName& name,
                        const ObjectTextOptions& options);

}  // namespace xylem::cli
