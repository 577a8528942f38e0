#pragma once

#include "object/xattrs.hpp"
#include "tree/checkout/checkout_options.hpp"

namespace xylem::tree {

/// The name by which the policy knows `path` of a checkout, which begins at the subpath: behind the
/// label prefix, or else where it is in the commit. Pure.
std::string label_path(const CheckoutOptions& options, const std::string& path);

/// Gives a file of a checkout the label that it gets there, if it gets one.
void label_checked_out(object::Xattrs& xattrs, const CheckoutOptions& options,
                       const std::string& path, std::uint32_t mode);

}  // namespace xylem::tree
