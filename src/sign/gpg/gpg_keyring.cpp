#include "sign/gpg/gpg_keyring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/os/os.hpp"
#include "sign/gpg/gpg_context.hpp"
#include "sign/gpg/local_time.hpp"
#include "sign/gpg/openpgp.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

/// Only the keys of this directory count, all of them, and gpg shall not look around.
constexpr char configuration[] =
    "batch\n"
    "no-autostart\n"
    "no-auto-key-retrieve\n"
    "disable-dirmngr\n"
    "no-auto-check-trustdb\n"
    "trust-model always\n";

std::string text_or_empty(const char* text) {
  return text != nullptr ? text : "";
}

GpgKey to_plain(const _gpgme_key& from) {
  GpgKey key;
  for (gpgme_subkey_t subkey = from.subkeys; subkey != nullptr; subkey = subkey->next)
    key.subkeys.push_back({text_or_empty(subkey->fpr), subkey->timestamp, subkey->expires,
                           subkey->revoked != 0, subkey->expired != 0, subkey->invalid != 0});
  for (gpgme_user_id_t user = from.uids; user != nullptr; user = user->next)
    key.users.push_back({text_or_empty(user->uid), text_or_empty(user->name),
                         text_or_empty(user->email), user->revoked != 0, user->invalid != 0});
  return key;
}

std::vector<GpgKey> list_keys(const std::string& home) {
  const GpgContextPtr context = make_gpg_context(home);
  require_gpg(gpgme_op_keylist_start(context.get(), nullptr, 0), "listing keys");
  std::vector<GpgKey> keys;
  for (;;) {
    gpgme_key_t raw = nullptr;
    const gpgme_error_t error = gpgme_op_keylist_next(context.get(), &raw);
    if (gpgme_err_code(error) == GPG_ERR_EOF) return keys;
    require_gpg(error, "listing keys");
    keys.push_back(to_plain(*GpgKeyPtr(raw)));
  }
}

Bytes export_from(const std::optional<std::string>& home, const std::vector<std::string>& ids) {
  const GpgContextPtr context = make_gpg_context(home);
  std::vector<const char*> patterns;
  for (const std::string& id : ids) {
    gpgme_key_t raw = nullptr;
    const gpgme_error_t error = gpgme_get_key(context.get(), id.c_str(), &raw, 0);
    if (gpgme_err_code(error) != GPG_ERR_NO_ERROR)
      throw Error(ErrorKind::NotFound, fmt::format("GPG: Unable to find key \"{}\"", id));
    const GpgKeyPtr key(raw);
    patterns.push_back(id.c_str());
  }
  patterns.push_back(nullptr);
  const GpgDataPtr data = make_gpg_data();
  require_gpg(
      gpgme_op_export_ext(context.get(), ids.empty() ? nullptr : patterns.data(), 0, data.get()),
      "exporting keys");
  return bytes_of(data.get());
}

/// gpg does not take a key of the future, and does not say so.
[[noreturn]] void refuse_source(const GpgKeySource& source) {
  const std::int64_t made = youngest_key(without_armor(source.bytes)).value_or(0);
  const std::int64_t now = std::time(nullptr);
  if (made > now)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("GPG: {} holds a key that was made {}, but the clock of this machine "
                            "says {}",
                            source.name, local_time(made), local_time(now)))
        .hint("set the clock, then try again");
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("GPG: {} does not hold public keys that can be used", source.name))
      .hint("make it with `gpg --export KEY-ID`");
}

bool is_news(const _gpgme_import_status& key) {
  constexpr unsigned news = GPGME_IMPORT_UID | GPGME_IMPORT_SIG | GPGME_IMPORT_SUBKEY;
  return (key.status & GPGME_IMPORT_NEW) == 0 && (key.status & news) != 0;
}

}  // namespace

GpgKeyring::GpgKeyring(const std::vector<GpgKeySource>& sources) : home_("xylem-gpg-") {
  const UniqueFd config =
      os::open({FileDescriptor::cwd(), home() + "/gpg.conf"}, O_WRONLY | O_CREAT | O_EXCL, 0600);
  os::write_all(config, as_bytes(configuration));
  for (const GpgKeySource& source : sources) import(source);
  if (!sources.empty()) keys_ = list_keys(home());
}

void GpgKeyring::import(const GpgKeySource& source) {
  const GpgContextPtr context = make_gpg_context(home());
  const GpgDataPtr data = borrow_gpg_data(source.bytes);
  const gpgme_error_t error = gpgme_op_import(context.get(), data.get());
  gpgme_import_result_t result = gpgme_op_import_result(context.get());
  bool good = gpgme_err_code(error) == GPG_ERR_NO_ERROR && result != nullptr &&
              result->considered > 0 && result->no_user_id == 0 && result->not_imported == 0;
  updated_ = 0;
  for (auto one = good ? result->imports : nullptr; one != nullptr; one = one->next) {
    good = good && gpgme_err_code(one->result) == GPG_ERR_NO_ERROR;
    if (is_news(*one)) ++updated_;
  }
  if (!good) refuse_source(source);
  imported_ += static_cast<std::size_t>(result->imported);
}

const GpgKey* GpgKeyring::find(std::string_view fingerprint) const {
  if (fingerprint.empty()) return nullptr;  // every fingerprint ends in it
  for (const GpgKey& key : keys_)
    if (key.find(fingerprint) != nullptr) return &key;
  return nullptr;
}

Bytes GpgKeyring::export_keys(const std::vector<std::string>& ids) const {
  return export_from(home(), ids);
}

Bytes export_personal_keys(const std::vector<std::string>& ids) {
  return export_from(std::nullopt, ids);
}

}  // namespace xylem::sign
