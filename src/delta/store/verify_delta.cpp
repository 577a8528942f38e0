#include "delta/store/verify_delta.hpp"

#include <fmt/format.h>

#include "sign/requirement.hpp"
#include "sign/signatures.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

sign::Finding verify_delta(const DeltaFile& delta, const sign::Verifier& verifier) {
  if (!delta.is_signed())
    throw Error(ErrorKind::SignatureInvalid, "no signatures in static-delta")
        .hint("Sign the delta when it is generated, with --sign.");
  const auto signatures = sign::signatures_in(delta.signatures(), verifier.engine());
  if (signatures.empty())
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("no signature for '{}' in static-delta superblock",
                            sign::metadata_key(verifier.engine())));
  const sign::Report report = verifier.verify(delta.signed_bytes(), signatures);
  const sign::Finding decisive = report.decisive();
  if (report.valid()) return decisive;
  throw Error(ErrorKind::SignatureInvalid, decisive.text)
      .hint(std::string(sign::hint_for(verifier.engine(), decisive.verdict)));
}

}  // namespace xylem::delta
