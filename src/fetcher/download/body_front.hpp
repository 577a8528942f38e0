#pragma once

/// \file
/// What the first bytes of a body tell, when its headers say something odd. Pure.

#include "base/bytes.hpp"
#include "fetcher/http/response_head.hpp"

namespace xylem::fetcher {

/// So many first bytes are enough to judge a body.
constexpr std::size_t body_front_size = 16;

/// Whether the headers make it worth to look: they say that it is a web page, or compressed.
bool has_odd_headers(const ResponseHead& head);

/// Whether it is a web page: headers and first bytes say so. Servers say it of other files, too.
bool is_page(const ResponseHead& head, ByteView front);

/// Whether it is compressed with gzip: headers and first bytes say so. Servers that were set up
/// badly say it of files that are as they are.
bool is_gzip(const ResponseHead& head, ByteView front);

}  // namespace xylem::fetcher
