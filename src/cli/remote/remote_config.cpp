#include "cli/remote/remote_config.hpp"

#include <fmt/format.h>

#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "sign/engine.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

constexpr std::string_view metalink_prefix = "metalink=";

struct VerificationKey {
  std::string engine;
  std::string key;    ///< Of the configuration.
  std::string value;  ///< Public key, or the path of a file.
};

/// "KEYTYPE=inline:PUBKEY" or "KEYTYPE=file:PATH".
VerificationKey parse_verification_key(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    throw UsageError("Failed to parse KEYTYPE=[inline|file]:DATA in " + text);
  const std::string engine = text.substr(0, equals);
  try {
    sign::parse_key_engine(engine);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
  const std::string rest = text.substr(equals + 1);
  const std::size_t colon = rest.find(':');
  const std::string where = rest.substr(0, colon);
  if (colon == std::string::npos || (where != "inline" && where != "file"))
    throw UsageError(fmt::format("Invalid key reference {}, expected inline|file", where));
  return {engine, fmt::format("verification-{}-{}", engine, where == "inline" ? "key" : "file"),
          rest.substr(colon + 1)};
}

void add_url(ConfigKeys& keys, const std::string& url) {
  if (url.starts_with(metalink_prefix))
    keys.emplace_back("metalink", url.substr(metalink_prefix.size()));
  else
    keys.emplace_back("url", url);
}

void add_branches(ConfigKeys& keys, const std::vector<std::string>& branches) {
  std::string list;
  for (const std::string& branch : branches) list += branch + ";";
  if (!list.empty()) keys.emplace_back("branches", list);
}

void add_verification(ConfigKeys& keys, const RemoteAddOptions& options) {
  if (options.no_gpg_verify || options.no_sign_verify) keys.emplace_back("gpg-verify", "false");
  if (options.no_sign_verify && !options.sign_verify.empty())
    throw UsageError("Cannot specify both --sign-verify and --no-sign-verify");
  if (options.no_sign_verify) keys.emplace_back("sign-verify", "false");
  std::string engines;
  for (const std::string& text : options.sign_verify) {
    const VerificationKey key = parse_verification_key(text);
    keys.emplace_back(key.key, key.value);
    engines += (engines.empty() ? "" : ",") + key.engine;
  }
  if (!engines.empty()) keys.emplace_back("sign-verify", engines);
}

}  // namespace

ConfigKeys remote_keys(const RemoteAddOptions& options) {
  ConfigKeys keys;
  if (options.url) add_url(keys, *options.url);
  add_branches(keys, options.branches);
  if (options.contenturl) keys.emplace_back("contenturl", *options.contenturl);
  if (options.custom_backend) keys.emplace_back("custom-backend", *options.custom_backend);
  for (const std::string& setting : options.settings)
    keys.push_back(parse_key_value("--set", setting));
  add_verification(keys, options);
  if (options.collection_id) keys.emplace_back("collection-id", *options.collection_id);
  return keys;
}

}  // namespace xylem::cli
