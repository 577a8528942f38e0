#include "tree/checkout/checkout_labels.hpp"

#include "tree/walk.hpp"

namespace xylem::tree {

std::string label_path(const CheckoutOptions& options, const std::string& path) {
  const std::string& prefix = options.label_prefix.empty() ? options.subpath : options.label_prefix;
  return canonical_path(prefix + "/" + path);
}

void label_checked_out(object::Xattrs& xattrs, const CheckoutOptions& options,
                       const std::string& path, std::uint32_t mode) {
  if (options.labelling) set_label(xattrs, options.labelling, label_path(options, path), mode);
}

}  // namespace xylem::tree
