#include "sign/gpg/gpg_signer.hpp"

#include <fmt/format.h>

#include "sign/gpg/gpg_context.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

Bytes gpg_sign(ByteView data, const std::string& key_id, const std::optional<std::string>& home) {
  const GpgContextPtr context = make_gpg_context(home);
  gpgme_key_t raw = nullptr;
  const gpgme_error_t found = gpgme_get_key(context.get(), key_id.c_str(), &raw, 1);
  if (gpgme_err_code(found) != GPG_ERR_NO_ERROR)
    throw Error(ErrorKind::NotFound, fmt::format("GPG: No secret key \"{}\" (homedir: {})", key_id,
                                                 home.value_or("the user's own")))
        .hint(
            "`gpg --list-secret-keys` lists what there is; --gpg-homedir names another directory");
  const GpgKeyPtr key(raw);
  require_gpg(gpgme_signers_add(context.get(), key.get()), "choosing the signing key");
  const GpgDataPtr input = borrow_gpg_data(data);
  const GpgDataPtr output = make_gpg_data();
  require_gpg(gpgme_op_sign(context.get(), input.get(), output.get(), GPGME_SIG_MODE_DETACH),
              "signing");
  return bytes_of(output.get());
}

}  // namespace xylem::sign
