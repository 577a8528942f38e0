#include "sign/engine.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

std::string_view name(Engine engine) noexcept {
  switch (engine) {
    case Engine::Gpg:
      return "gpg";
    case Engine::Ed25519:
      return "ed25519";
    case Engine::Spki:
      return "spki";
    case Engine::Dummy:
      return "dummy";
  }
  return "";
}

const std::vector<Engine>& key_engines() {
  static const std::vector<Engine> engines{Engine::Ed25519, Engine::Spki, Engine::Dummy};
  return engines;
}

Engine parse_key_engine(std::string_view text) {
  for (const Engine engine : key_engines())
    if (name(engine) == text) return engine;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Requested signature type is not implemented: {}", object::quoted(text)))
      .hint("the types are ed25519, spki and, for tests, dummy; GPG is asked for with gpg-verify");
}

void require_enabled(Engine engine) {
  const char* value = std::getenv("OSTREE_DUMMY_SIGN_ENABLED");
  const bool enabled = value != nullptr && *value != '\0' && std::string_view(value) != "0";
  if (engine != Engine::Dummy || enabled) return;
  throw Error(ErrorKind::SignatureInvalid,
              "dummy signature type is only for ostree testing, and is switched off")
      .hint("use ed25519, spki or GPG; a test sets OSTREE_DUMMY_SIGN_ENABLED=1");
}

const char* metadata_key(Engine engine) noexcept {
  switch (engine) {
    case Engine::Gpg:
      return "ostree.gpgsigs";
    case Engine::Ed25519:
      return "ostree.sign.ed25519";
    case Engine::Spki:
      return "ostree.sign.spki";
    case Engine::Dummy:
      return "ostree.sign.dummy";
  }
  return "";
}

}  // namespace xylem::sign
