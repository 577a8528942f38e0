#include <fmt/format.h>

#include <algorithm>

#include "object/commit.hpp"
#include "object/names/names.hpp"

namespace xylem::object {

namespace {

/// As libostree's messages have names, and scripts look for them.
std::string in_curly_quotes(std::string_view text) {
  return fmt::format("‘{}’", shown(text));
}

std::optional<std::string> ref_mismatch(const std::vector<std::string>& bound,
                                        const std::string& ref) {
  if (std::find(bound.begin(), bound.end(), ref) != bound.end()) return std::nullopt;
  std::string list;
  for (const std::string& other : bound)
    list += (list.empty() ? "" : ", ") + in_curly_quotes(other);
  return fmt::format("Commit has no requested ref {} in ref binding metadata ({})",
                     in_curly_quotes(ref), list.empty() ? "no refs" : list);
}

std::optional<std::string> collection_mismatch(const std::optional<std::string>& bound,
                                               const std::string& collection_id) {
  if (bound == collection_id) return std::nullopt;
  if (!bound)
    return "Expected commit metadata to have collection ID binding information, found none";
  return fmt::format(
      "Commit has collection ID {} in collection binding metadata, while the remote it came from "
      "has collection ID {}",
      in_curly_quotes(*bound), in_curly_quotes(collection_id));
}

}  // namespace

std::optional<std::string> binding_mismatch(const Commit& commit,
                                            const std::optional<std::string>& ref,
                                            const std::optional<std::string>& collection_id) {
  const auto refs = commit.metadata.find_strings(commit_key::ref_binding);
  if (!refs) {
    if (!collection_id) return std::nullopt;
    return "Expected commit metadata to have ref binding information, found none";
  }
  if (ref)
    if (auto mismatch = ref_mismatch(*refs, *ref)) return mismatch;
  if (!collection_id) return std::nullopt;
  return collection_mismatch(commit.metadata.find_string(commit_key::collection_binding),
                             *collection_id);
}

}  // namespace xylem::object
