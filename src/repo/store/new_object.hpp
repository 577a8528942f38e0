#pragma once

#include "object/names/object_name.hpp"
#include "xylem/store.hpp"

namespace xylem::repo {

/// Of the kinds that can be added. Throws Error(InvalidArgument).
object::ObjectType kind_to_add(const std::string& kind);
/// Throws Error(InvalidArgument) for a kind, or attributes, that no object can have.
void require_possible(const NewObject& object);

}  // namespace xylem::repo
