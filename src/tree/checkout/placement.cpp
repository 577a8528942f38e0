#include "tree/checkout/placement.hpp"

#include <cerrno>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "tree/checkout/temporary_name.hpp"

namespace xylem::tree {

namespace {

/// Removes a temporary name again. After a rename there is nothing to remove, unless both names
/// were links to the same file: then rename() leaves both.
class TemporaryName {
 public:
  explicit TemporaryName(const PathAt& path) : path_(path) {}
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  ~TemporaryName() { remove_quietly(path_); }

 private:
  const PathAt& path_;
};

bool replace(const PathAt& target, const CheckoutOptions& options, const CreateFile& create) {
  for (;;) {
    const PathAt path{target.dir, temporary_name()};
    const Creation creation = create(path);
    if (creation == Creation::Impossible) return false;
    if (creation == Creation::Taken) continue;
    const TemporaryName temporary(path);
    // Container layers may put a file where a directory was.
    if (options.whiteouts) remove_tree(target);
    os::rename(path, target);
    return true;
  }
}

}  // namespace

bool place_file(const PathAt& target, const CheckoutOptions& options, const CreateFile& create,
                const IsSame& is_same) {
  const Creation creation = create(target);
  if (creation != Creation::Taken) return creation == Creation::Done;
  switch (options.overwrite) {
    case Overwrite::AddFiles:
      return true;
    case Overwrite::UnionFiles:
      return is_same() || replace(target, options, create);
    case Overwrite::UnionIdentical:
      if (is_same()) return true;
      break;
    case Overwrite::None:
      break;
  }
  os::fail(EEXIST, "Creating", os::path_of(target));
}

}  // namespace xylem::tree
