#pragma once

#include "delta/apply/delta_file.hpp"
#include "sign/verifier.hpp"

namespace xylem::delta {

/// Returns what it found if one of the signatures is valid. Throws Error(SignatureInvalid), with
/// libostree's words, for a delta that is not signed, not by this engine, or by nobody who is
/// trusted.
sign::Finding verify_delta(const DeltaFile& delta, const sign::Verifier& verifier);

}  // namespace xylem::delta
