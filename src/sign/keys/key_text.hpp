#pragma once

/// \file
/// Keys as people write them: base64, a line each, or PEM. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::sign {

/// Strict: only the alphabet, with padding, white space around it. Throws Error(InvalidArgument)
/// that names `what` and never quotes the text, which may be a secret.
Bytes decode_base64(std::string_view text, std::string_view what);
std::string encode_base64(ByteView bytes);

/// One key a line; empty lines are left out. Throws Error(InvalidArgument) for any bad line: a key
/// that is passed over in silence may be the revoked one.
std::vector<Bytes> parse_key_lines(std::string_view text, std::string_view what);

/// One word of the engine dummy a line; empty lines are left out.
std::vector<Bytes> parse_words(std::string_view text);

/// All PEM blocks, which must have this label ("PUBLIC KEY"). Throws Error(InvalidArgument).
std::vector<Bytes> parse_pem(std::string_view text, std::string_view label, std::string_view what);

/// Lower-case digits.
std::string hex(ByteView bytes);

}  // namespace xylem::sign
