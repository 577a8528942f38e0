#pragma once

/// \file
/// What must have been signed, and by whom.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "object/variant/variant.hpp"
#include "sign/verifier.hpp"

namespace xylem::sign {

/// One valid signature, of any of these engines, is enough.
using AnyOf = std::vector<std::shared_ptr<const Verifier>>;

/// Every group must be satisfied: GPG is one, the other engines together are another. Without
/// groups nothing is required. Copyable; safe to use from several threads at once.
class Requirement {
 public:
  /// Throws Error(SignatureInvalid) for a group that nobody could ever satisfy: an empty one.
  void add(AnyOf group);
  bool empty() const { return groups_.empty(); }

  /// Checks `signed_bytes` against the signatures in `metadata` (nullopt if there is none at all).
  /// Returns the report of each group that satisfied it. Throws Error(SignatureInvalid) that names
  /// `what` and says what is wrong and what to do.
  std::vector<Report> require(std::string_view what, ByteView signed_bytes,
                              const std::optional<object::Dict>& metadata) const;
  /// The same; adds to `seen` the report of every engine that was asked, before it throws as well.
  std::vector<Report> require(std::string_view what, ByteView signed_bytes,
                              const std::optional<object::Dict>& metadata,
                              std::vector<Report>& seen) const;

 private:
  std::vector<AnyOf> groups_;
};

/// The next step for a person whom this verdict stopped.
std::string_view hint_for(Engine engine, Verdict verdict);

}  // namespace xylem::sign
