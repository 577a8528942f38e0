// A static delta in files, as ostree_repo_static_delta_execute_offline_with_signature() applies it.

#include <fmt/format.h>

#include "base/glib.hpp"
#include "delta/store/apply_delta.hpp"
#include "interpose/call.h"
#include "interpose/host_loop.hpp"
#include "interpose/host_repository.hpp"
#include "interpose/outcome.hpp"
#include "interpose/pull_call.hpp"

namespace xylem::interpose {

namespace {

GVariant* list_of(const Bytes& signature) {
  GVariant* bytes = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, signature.data(),
                                              signature.size(), sizeof(std::uint8_t));
  return g_variant_ref_sink(g_variant_new_array(G_VARIANT_TYPE("ay"), &bytes, 1));
}

/// The keys of the caller, which only libostree's own object knows.
class HostVerifier : public sign::Verifier {
 public:
  explicit HostVerifier(OstreeSign* sign) : sign_(sign), engine_(engine_of(sign)) {}

  sign::Engine engine() const override { return engine_; }
  sign::Report verify(ByteView data, const std::vector<Bytes>& signatures) const override {
    sign::Report report{.engine = engine_};
    for (const Bytes& signature : signatures)
      report.findings.push_back(verify_one(data, signature));
    return report;
  }

 private:
  static sign::Engine engine_of(OstreeSign* sign) {
    try {
      return sign::parse_key_engine(ostree_sign_get_name(sign));
    } catch (const Error& error) {
      throw NotOurs{error.what()};
    }
  }

  sign::Finding verify_one(ByteView data, const Bytes& signature) const {
    g_autoptr(GBytes) bytes = g_bytes_new(data.data(), data.size());
    const GVariantPtr list(list_of(signature));
    char* said = nullptr;
    GError* failed = nullptr;
    const bool good = ostree_sign_data_verify(sign_, bytes, list.get(), &said, &failed) != FALSE;
    const GStringPtr message(said);
    const GErrorPtr failure(failed);
    if (good) return {sign::Verdict::Valid, "", message ? message.get() : ""};
    return {sign::Verdict::UnknownKey, "", failure ? failure->message : "not verified"};
  }

  OstreeSign* sign_;
  sign::Engine engine_;
};

/// What the delta must be verified with, as libostree decides it; null if with nothing.
std::unique_ptr<HostVerifier> verifier_for(const repo::Repo& repo, const delta::DeltaFile& delta,
                                           OstreeSign* sign) {
  if (!delta.is_signed()) return nullptr;
  if (sign != nullptr) return std::make_unique<HostVerifier>(sign);
  if (repo.key_file().find_bool("core", "sign-verify-deltas").value_or(false))
    throw Error(ErrorKind::SignatureInvalid, "Key is mandatory to check delta signature");
  return nullptr;
}

std::string apply(const xylem_ostree_call& call, OstreeSign* sign) {
  if (call.source == nullptr) throw NotOurs{"the delta is no file of this machine"};
  const HostLock lock(call.repo, call.cancellable);
  repo::Repo repo = open_host_files(call.repo);
  repo.leave_lock_to_caller();
  const delta::DeltaFile delta({FileDescriptor::cwd(), call.source});
  const auto verifier = verifier_for(repo, delta, sign);
  const CancelSource cancel;
  delta::ApplyReport report;
  const auto work = [&] {
    report =
        delta::apply_delta(repo, delta, {.verifier = verifier.get(), .cancel = cancel.token()});
  };
  try {
    run_beside_host(work, call.cancellable, cancel);
  } catch (const Error& error) {
    // What the delta needs and the repository lacks is a mere failure to libostree.
    if (error.kind() != ErrorKind::NotFound) throw;
    throw GErrorPtr(g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, error.what()));
  }
  return fmt::format("{} objects made, {} present", report.objects.made, report.objects.present);
}

}  // namespace

}  // namespace xylem::interpose

__attribute__((visibility("default"))) xylem_ostree_outcome xylem_ostree_apply_delta(
    const xylem_ostree_call* call, OstreeSign* sign, char** note, GError** error) {
  using namespace xylem::interpose;
  return outcome_of(
      *call, [&] { return apply(*call, sign); }, note, error);
}
