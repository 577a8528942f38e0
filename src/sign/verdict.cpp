#include "sign/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xylem::sign {

std::string_view name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Valid:
      return "valid";
    case Verdict::NoSignature:
      return "no signature";
    case Verdict::UnknownKey:
      return "unknown key";
    case Verdict::KeyExpired:
      return "expired key";
    case Verdict::SignatureExpired:
      return "expired signature";
    case Verdict::KeyRevoked:
      return "revoked key";
    case Verdict::Bad:
      return "bad signature";
  }
  return "";
}

bool Report::valid() const {
  return std::ranges::any_of(findings,
                             [](const Finding& one) { return one.verdict == Verdict::Valid; });
}

Finding Report::decisive() const {
  const auto good = std::ranges::find(findings, Verdict::Valid, &Finding::verdict);
  if (good != findings.end()) return *good;
  if (!findings.empty()) return findings.back();
  return {Verdict::NoSignature, "", fmt::format("There is no {} signature", name(engine))};
}

}  // namespace xylem::sign
