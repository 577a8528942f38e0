#include "cli/frame/collection_arguments.hpp"

#include "cli/frame/usage_error.hpp"
#include "object/names/names.hpp"

namespace xylem::cli {

std::vector<repo::CollectionRef> parse_collection_refs(const CLI::App& command,
                                                       const std::vector<std::string>& arguments,
                                                       std::size_t first) {
  if (arguments.size() < first + 2)
    usage_error(command, "At least one COLLECTION-ID REF pair must be specified");
  if ((arguments.size() - first) % 2 != 0)
    usage_error(command, "Only complete COLLECTION-ID REF pairs may be specified");
  std::vector<repo::CollectionRef> refs;
  for (std::size_t i = first; i < arguments.size(); i += 2) {
    object::validate_collection_id(arguments[i]);
    object::validate_ref(arguments[i + 1]);
    refs.push_back({arguments[i], arguments[i + 1]});
  }
  return refs;
}

}  // namespace xylem::cli
