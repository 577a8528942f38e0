#pragma once

/// \file
/// Giving new files their names in a directory that may have such a name already.

#include <functional>

#include "base/os/fd.hpp"
#include "tree/checkout/checkout_options.hpp"

namespace xylem::tree {

enum class Creation {
  Done,
  Taken,       ///< There is something of this name.
  Impossible,  ///< Not in this way: nothing was created, and the name may or may not be taken.
};
constexpr Creation done_unless_taken(bool created) {
  return created ? Creation::Done : Creation::Taken;
}

/// Makes the file under a name.
using CreateFile = std::function<Creation(const PathAt&)>;
/// Whether what is there is what would be put there.
using IsSame = std::function<bool()>;

/// Creates `target`; if the name is taken, does what `options.overwrite` says. Replacing is atomic:
/// created under another name first, then renamed. Throws Error(Io) with EEXIST if it may not.
/// False, with nothing done, if creating is impossible.
bool place_file(const PathAt& target, const CheckoutOptions& options, const CreateFile& create,
                const IsSame& is_same);

}  // namespace xylem::tree
