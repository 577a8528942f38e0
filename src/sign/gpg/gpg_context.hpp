#pragma once

/// \file
/// Owners for GPGME's things. The program `gpg` does the work; each operation starts it once.

#include <gpgme.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace xylem::sign {

struct GpgFree {
  void operator()(gpgme_ctx_t context) const { gpgme_release(context); }
  void operator()(gpgme_data_t data) const { gpgme_data_release(data); }
  void operator()(gpgme_key_t key) const { gpgme_key_unref(key); }
};
using GpgContextPtr = std::unique_ptr<gpgme_context, GpgFree>;
using GpgDataPtr = std::unique_ptr<gpgme_data, GpgFree>;
using GpgKeyPtr = std::unique_ptr<_gpgme_key, GpgFree>;

/// Throws Error(Io) that says what could not be done and why, unless `error` is none.
void require_gpg(gpgme_error_t error, std::string_view what);

/// For one thread. It never looks for keys on the network. `home` is gpg's home directory; nullopt
/// is the user's own. Throws Error(Unsupported) if there is no gpg.
GpgContextPtr make_gpg_context(const std::optional<std::string>& home);

/// Borrows the bytes.
GpgDataPtr borrow_gpg_data(ByteView bytes);
GpgDataPtr make_gpg_data();
/// All that was written to it.
Bytes bytes_of(gpgme_data_t data);

}  // namespace xylem::sign
