#pragma once

/// \file
/// The envelope of a signed superblock, `(taya{sv})`: eight letters, the superblock, signatures.

#include <optional>

#include "object/variant/variant.hpp"

namespace xylem::delta {

struct Envelope {
  ByteView superblock;      ///< What is signed, borrowed from the bytes that were parsed.
  object::Dict signatures;  ///< "ostree.sign.<engine>": what that engine has to say.
};

/// nullopt for what is no envelope: then it is a superblock, or nothing. Borrows `bytes`, which
/// must outlive what is returned.
std::optional<Envelope> parse_envelope(ByteView bytes);
Bytes serialize_envelope(ByteView superblock, const object::Dict& signatures);

}  // namespace xylem::delta
