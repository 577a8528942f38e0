#include "sign/gpg/gpg_key.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/glib.hpp"
#include "sign/gpg/local_time.hpp"

namespace xylem::sign {

namespace {

constexpr std::size_t key_id_length = 16;
constexpr std::size_t sha1_size = 20;

struct FreeChecksum {
  void operator()(GChecksum* checksum) const { g_checksum_free(checksum); }
};

/// z-base-32 (RFC 6189, section 5.1.6) of a size that is a multiple of 5.
std::string zbase32(ByteView bytes) {
  constexpr std::string_view digits = "ybndrfg8ejkmcpqxot1uwisza345h769";
  std::string text;
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 5) {
    unsigned value = 0;
    for (std::size_t i = bit; i < bit + 5; ++i)
      value = value << 1 | (bytes[i / 8] >> (7 - i % 8) & 1U);
    text += digits[value];
  }
  return text;
}

std::string ascii_lower(const std::string& text) {
  return GStringPtr(g_ascii_strdown(text.c_str(), -1)).get();
}

std::string hashed(const std::string& local_part) {
  std::array<std::uint8_t, sha1_size> digest{};
  gsize size = digest.size();
  const std::unique_ptr<GChecksum, FreeChecksum> sha1(g_checksum_new(G_CHECKSUM_SHA1));
  const std::string lower = ascii_lower(local_part);
  g_checksum_update(sha1.get(), reinterpret_cast<const guchar*>(lower.data()),
                    static_cast<gssize>(lower.size()));
  g_checksum_get_digest(sha1.get(), digest.data(), &size);
  return zbase32(digest);
}

std::string marks(bool revoked, bool invalid) {
  return std::string(revoked ? " (revoked)" : "") + (invalid ? " (invalid)" : "");
}

std::string describe_subkey(const GpgSubkey& subkey, bool primary) {
  const std::string_view indent = primary ? "  " : "    ";
  std::string text =
      fmt::format("{}: {}{}\n{}Created: {}\n", primary ? "Key" : "  Subkey", subkey.fingerprint,
                  marks(subkey.revoked, subkey.invalid), indent, local_time(subkey.created));
  if (subkey.expires > 0)
    text += fmt::format("{}{}: {}\n", indent, subkey.expired ? "Expired" : "Expires",
                        local_time(subkey.expires));
  return text;
}

std::string describe_user(const GpgUser& user) {
  const GpgUpdateUrls urls = gpg_update_urls(user.email);
  return fmt::format("  UID: {}{}\n  Advanced update URL: {}\n  Direct update URL: {}\n", user.id,
                     marks(user.revoked, user.invalid), urls.advanced, urls.direct);
}

}  // namespace

const GpgSubkey* GpgKey::find(std::string_view fingerprint) const {
  const auto found = std::ranges::find_if(subkeys, [&](const GpgSubkey& subkey) {
    return fingerprint.size() >= key_id_length && subkey.fingerprint.ends_with(fingerprint);
  });
  return found == subkeys.end() ? nullptr : &*found;
}

std::string_view gpg_key_id(std::string_view fingerprint) {
  return fingerprint.substr(fingerprint.size() - std::min(fingerprint.size(), key_id_length));
}

GpgUpdateUrls gpg_update_urls(const std::string& email) {
  const std::size_t at = email.find('@');
  if (at == std::string::npos || email.find('@', at + 1) != std::string::npos) return {};
  const std::string local = email.substr(0, at);
  const std::string domain = email.substr(at + 1);
  const GStringPtr escaped(g_uri_escape_string(local.c_str(), nullptr, FALSE));
  const std::string key = fmt::format("hu/{}?l={}", hashed(local), escaped.get());
  return {fmt::format("https://openpgpkey.{}/.well-known/openpgpkey/{}/{}", domain,
                      ascii_lower(domain), key),
          fmt::format("https://{}/.well-known/openpgpkey/{}", domain, key)};
}

std::string describe(const GpgKey& key) {
  if (key.subkeys.empty()) return {};
  std::string text = describe_subkey(key.subkeys.front(), true);
  for (const GpgUser& user : key.users) text += describe_user(user);
  for (std::size_t i = 1; i < key.subkeys.size(); ++i)
    text += describe_subkey(key.subkeys[i], false);
  return text;
}

}  // namespace xylem::sign
