#include "sign/engine.hpp"

#include <fmt/format.h>

#include "object/names.hpp"
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
  }
  return "";
}

const std::vector<Engine>& key_engines() {
  static const std::vector<Engine> engines{Engine::Ed25519, Engine::Spki};
  return engines;
}

Engine parse_key_engine(std::string_view text) {
  for (const Engine engine : key_engines())
    if (name(engine) == text) return engine;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("No such signature engine: {}", object::quoted(text)))
      .hint("the engines are ed25519 and spki; GPG is asked for with gpg-verify");
}

const char* metadata_key(Engine engine) noexcept {
  switch (engine) {
    case Engine::Gpg:
      return "ostree.gpgsigs";
    case Engine::Ed25519:
      return "ostree.sign.ed25519";
    case Engine::Spki:
      return "ostree.sign.spki";
  }
  return "";
}

}  // namespace xylem::sign
