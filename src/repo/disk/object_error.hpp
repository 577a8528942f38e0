#pragma once

/// \file
/// Errors that say which object they are about.

#include <string>
#include <string_view>
#include <utility>

#include "object/names/object_name.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

/// That there is no such object, in libostree's words: "Couldn't find file object '…'". Pure.
std::string missing_text(const object::ObjectName& name);

/// Error(Corrupt): "Object <name>: <why>", or "Content object <checksum>: <why>".
[[noreturn]] void throw_corrupt(const object::ObjectName& name, std::string_view why);

/// Throws Error(Corrupt) that names both checksums unless they are the same.
void require_checksum(const object::ObjectName& name, const Checksum& actual);

/// Puts the object's name before the message and into the details, unless it is there already.
void name_object(Error& error, const object::ObjectName& name);

/// Runs `action`; an Error that comes out of it names the object.
template <typename Action>
auto with_object_name(const object::ObjectName& name, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (Error& error) {
    name_object(error, name);
    throw;
  }
}

}  // namespace xylem::repo
