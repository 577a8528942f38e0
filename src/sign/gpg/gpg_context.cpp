#include "sign/gpg/gpg_context.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

/// GPGME wants to be asked once before all else.
void initialize() {
  static const char* const version = gpgme_check_version(nullptr);
  if (version == nullptr) throw Error(ErrorKind::Unsupported, "GPGME cannot be used");
}

std::string text_of(gpgme_error_t error) {
  char buffer[256] = "";
  gpgme_strerror_r(error, buffer, sizeof buffer);
  return fmt::format("{}: {}", gpgme_strsource(error), buffer);
}

}  // namespace

void require_gpg(gpgme_error_t error, std::string_view what) {
  if (gpgme_err_code(error) == GPG_ERR_NO_ERROR) return;
  throw Error(ErrorKind::Io, fmt::format("GPG: {}: {}", what, text_of(error)));
}

GpgContextPtr make_gpg_context(const std::optional<std::string>& home) {
  initialize();
  if (gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP) != GPG_ERR_NO_ERROR)
    throw Error(ErrorKind::Unsupported,
                "Signature verification needs GPG, but the program gpg is not installed")
        .hint("install GnuPG (the package gnupg)");
  gpgme_ctx_t raw = nullptr;
  require_gpg(gpgme_new(&raw), "making a context");
  GpgContextPtr context(raw);
  if (home)
    require_gpg(gpgme_ctx_set_engine_info(raw, GPGME_PROTOCOL_OpenPGP, nullptr, home->c_str()),
                "setting the home directory");
  gpgme_set_offline(raw, 1);
  return context;
}

GpgDataPtr borrow_gpg_data(ByteView bytes) {
  gpgme_data_t data = nullptr;
  require_gpg(
      gpgme_data_new_from_mem(&data, reinterpret_cast<const char*>(bytes.data()), bytes.size(), 0),
      "borrowing memory");
  return GpgDataPtr(data);
}

GpgDataPtr make_gpg_data() {
  gpgme_data_t data = nullptr;
  require_gpg(gpgme_data_new(&data), "making a buffer");
  return GpgDataPtr(data);
}

Bytes bytes_of(gpgme_data_t data) {
  gpgme_data_seek(data, 0, SEEK_SET);
  Bytes bytes;
  std::uint8_t buffer[4096];
  for (;;) {
    const ssize_t got = gpgme_data_read(data, buffer, sizeof buffer);
    if (got < 0) throw Error(ErrorKind::Io, "GPG: cannot read its answer");
    if (got == 0) return bytes;
    bytes.insert(bytes.end(), buffer, buffer + got);
  }
}

}  // namespace xylem::sign
