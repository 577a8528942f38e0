#include "sign/requirement.hpp"

#include <fmt/format.h>

#include "sign/signatures.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

/// The most telling of several engines that all failed: what was looked at beats what is missing.
Report worst_of(const std::vector<Report>& reports) {
  for (const Report& report : reports)
    if (!report.findings.empty()) return report;
  return reports.front();
}

/// In libostree's words, and by which engines it could have been signed.
std::string missing_text(const std::vector<Report>& reports) {
  if (reports.size() == 1 && reports.front().engine == Engine::Gpg)
    return "GPG verification enabled, but no signatures found";
  std::string engines;
  for (const Report& one : reports)
    engines += (engines.empty() ? "" : ", ") + std::string(name(one.engine));
  return fmt::format("No signatures found ({})", engines);
}

[[noreturn]] void refuse(std::string_view what, const std::vector<Report>& reports) {
  const Report report = worst_of(reports);
  const Finding finding = report.decisive();
  const std::string text =
      finding.verdict == Verdict::NoSignature ? missing_text(reports) : finding.text;
  throw Error(ErrorKind::SignatureInvalid,
              fmt::format("{}: {}: {}", what, name(finding.verdict), text),
              {.verdict = fmt::format("{}: {}", name(report.engine), name(finding.verdict))})
      .hint(hint_for(report.engine, finding.verdict));
}

Report require_any(const AnyOf& group, std::string_view what, ByteView signed_bytes,
                   const object::Dict& metadata, std::vector<Report>& seen) {
  std::vector<Report> reports;
  for (const auto& verifier : group) {
    const std::vector<Bytes> signatures = signatures_in(metadata, verifier->engine());
    Report report{verifier->engine(), {}};
    if (!signatures.empty()) report = verifier->verify(signed_bytes, signatures);
    seen.push_back(report);
    if (report.valid()) return report;
    reports.push_back(std::move(report));
  }
  refuse(what, reports);
}

}  // namespace

void Requirement::add(AnyOf group) {
  if (group.empty())
    throw Error(ErrorKind::SignatureInvalid,
                "Signature verification is on, but no key is configured")
        .hint(
            "set verification-ed25519-key (or -file) for the remote, or put keys into "
            "/etc/ostree/trusted.ed25519.d");
  groups_.push_back(std::move(group));
}

std::vector<Report> Requirement::require(std::string_view what, ByteView signed_bytes,
                                         const std::optional<object::Dict>& metadata) const {
  std::vector<Report> seen;
  return require(what, signed_bytes, metadata, seen);
}

std::vector<Report> Requirement::require(std::string_view what, ByteView signed_bytes,
                                         const std::optional<object::Dict>& metadata,
                                         std::vector<Report>& seen) const {
  std::vector<Report> reports;
  const object::Dict signatures = metadata.value_or(object::Dict());
  for (const AnyOf& group : groups_)
    reports.push_back(require_any(group, what, signed_bytes, signatures, seen));
  return reports;
}

std::string_view hint_for(Engine engine, Verdict verdict) {
  switch (verdict) {
    case Verdict::NoSignature:
      return "the server must sign it, or verification be switched off for this remote";
    case Verdict::UnknownKey:
      return engine == Engine::Gpg ? "if the key is to be trusted: `xylem remote gpg-import`"
                                   : "if its key is to be trusted: verification-<engine>-key";
    case Verdict::KeyExpired:
      return "import the renewed key, if its owner has prolonged it; check this machine's clock";
    case Verdict::SignatureExpired:
      return "the server must sign again; check this machine's clock";
    case Verdict::KeyRevoked:
      return "its owner withdrew the key: the server must sign with another one";
    default:
      return "what the server offers is damaged or forged: do not use it";
  }
}

}  // namespace xylem::sign
