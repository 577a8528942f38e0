#pragma once

#include "fetcher/request/options.hpp"

namespace xylem::pull {

/// Throws Error(InvalidArgument) that names the file if the client key is encrypted: there is
/// nobody to ask for its passphrase. A file that cannot be read is left to curl, which says why.
void check_client_key(const fetcher::TlsOptions& tls);

}  // namespace xylem::pull
