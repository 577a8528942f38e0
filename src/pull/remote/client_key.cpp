#include "pull/remote/client_key.hpp"

#include <fmt/format.h>

#include <string_view>

#include "base/bytes.hpp"
#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr std::uint64_t largest_key = 1024 * 1024;

/// In PKCS #8, or in the older form of OpenSSL.
bool is_encrypted(std::string_view pem) {
  return pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != pem.npos ||
         pem.find("Proc-Type: 4,ENCRYPTED") != pem.npos;
}

bool is_encrypted_file(const std::string& path) try {
  const auto text = os::try_read_file({FileDescriptor::cwd(), path}, largest_key);
  return text && is_encrypted(as_text(*text));
} catch (const Error&) {
  return false;
}

}  // namespace

void check_client_key(const fetcher::TlsOptions& tls) {
  const auto& key = tls.client_key_path ? tls.client_key_path : tls.client_cert_path;
  if (!key || key->starts_with("pkcs11:") || !is_encrypted_file(*key)) return;
  ErrorDetails details{.path = *key,
                       .hint =
                           "remove the passphrase (`openssl pkey -in KEY -out NEW`) and protect "
                           "the file by its mode, or keep the key in a PKCS #11 token"};
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("the client key {} is encrypted, and nobody can be asked for its "
                          "passphrase",
                          *key),
              std::move(details));
}

}  // namespace xylem::pull
