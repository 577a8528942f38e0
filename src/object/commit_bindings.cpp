#include <fmt/format.h>

#include <algorithm>

#include "object/commit.hpp"
#include "object/names.hpp"

namespace xylem::object {

namespace {

std::optional<std::string> ref_mismatch(const std::vector<std::string>& bound,
                                        const std::string& ref) {
  if (std::find(bound.begin(), bound.end(), ref) != bound.end()) return std::nullopt;
  std::string list;
  for (const std::string& other : bound) list += (list.empty() ? "" : ", ") + quoted(other);
  return fmt::format("the commit is not meant for the ref {} but for {}", quoted(ref),
                     list.empty() ? "none" : list);
}

std::optional<std::string> collection_mismatch(const std::optional<std::string>& bound,
                                               const std::string& collection_id) {
  if (bound == collection_id) return std::nullopt;
  return fmt::format("the commit is not from the collection {} but from {}", quoted(collection_id),
                     bound ? quoted(*bound) : "none");
}

}  // namespace

std::optional<std::string> binding_mismatch(const Commit& commit,
                                            const std::optional<std::string>& ref,
                                            const std::optional<std::string>& collection_id) {
  const auto refs = commit.metadata.find_strings(commit_key::ref_binding);
  if (!refs) {
    if (!collection_id) return std::nullopt;
    return "the commit does not say for which refs it is meant";
  }
  if (ref)
    if (auto mismatch = ref_mismatch(*refs, *ref)) return mismatch;
  if (!collection_id) return std::nullopt;
  return collection_mismatch(commit.metadata.find_string(commit_key::collection_binding),
                             *collection_id);
}

}  // namespace xylem::object
