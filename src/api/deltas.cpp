#include "xylem/deltas.hpp"

#include <fmt/format.h>

#include "api/repository_impl.hpp"
#include "delta/generate/generate.hpp"
#include "delta/store/apply_delta.hpp"
#include "delta/store/delta_store.hpp"
#include "delta/store/verify_delta.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/static_deltas.hpp"
#include "sign/keys/key_verifier.hpp"
#include "sign/signatures.hpp"

namespace xylem {

namespace {

/// Signs with each of the keys.
std::function<object::Dict(ByteView)> signer(const DeltaOptions& options) {
  if (options.secret_keys.empty()) return {};
  const sign::Engine engine = sign::parse_key_engine(options.sign_type);
  std::vector<sign::SecretKey> keys;
  for (const std::string& text : options.secret_keys)
    keys.push_back(sign::parse_secret_key(engine, text));
  return [engine, keys = std::make_shared<std::vector<sign::SecretKey>>(std::move(keys))](
             ByteView superblock) {
    std::vector<Bytes> signatures;
    for (const sign::SecretKey& key : *keys) signatures.push_back(key.sign(superblock));
    return sign::with_signatures({}, engine, signatures);
  };
}

delta::GenerateOptions internal_options(const DeltaOptions& options, const CancelToken& cancel) {
  return {.is_inline = options.inline_parts,
          .if_not_exists = options.if_not_exists,
          .disable_patches = options.disable_bsdiff,
          .order = options.big_endian ? delta::ByteOrder::Big : delta::ByteOrder::Little,
          .min_fallback_size = options.min_fallback_size,
          .max_patched_size = options.max_bsdiff_size,
          .max_part_size = options.max_chunk_size,
          .filename = options.filename,
          .sign = signer(options),
          .for_memory = options.for_memory,
          .threads = options.jobs,
          .max_memory = options.max_memory,
          .progress = options.progress,
          .cancel = cancel};
}

std::optional<Checksum> start_of(const repo::Repo& repo, const Checksum& to,
                                 const DeltaOptions& options) {
  if (options.from_scratch && options.from)
    throw Error(ErrorKind::InvalidArgument, "A delta from scratch starts from no commit");
  if (options.from_scratch) return std::nullopt;
  if (options.from) return repo::resolve_rev(repo, *options.from);
  const auto parent = repo.load_commit(to).parent;
  if (!parent) throw Error(ErrorKind::NotFound, fmt::format("Commit {} has no parent", to.hex()));
  return parent;
}

/// Null without keys.
std::unique_ptr<sign::Verifier> verifier_of(const DeltaKeys& keys) {
  if (keys.empty()) return nullptr;
  sign::KeySet set(sign::parse_key_engine(keys.sign_type));
  for (const std::string& key : keys.keys) set.trust_text(key, "public key");
  if (keys.keys_file) set.trust_file(*keys.keys_file);
  set.revoke_dirs(sign::system_key_dirs());
  return std::make_unique<sign::KeyVerifier>(std::move(set));
}

}  // namespace

std::vector<std::string> Repository::deltas() const {
  std::vector<std::string> names;
  for (const delta::DeltaName& name : repo::list_delta_names(impl_->repo))
    names.push_back(name.text());
  return names;
}

DeltaResult Repository::generate_delta(const DeltaOptions& options, const CancelToken& cancel) {
  const Checksum to = repo::resolve_rev(impl_->repo, options.to);
  const delta::GenerateReport report = delta::generate(
      impl_->repo, start_of(impl_->repo, to, options), to, internal_options(options, cancel));
  DeltaResult result{.delta = report.name.text(),
                     .existed = report.existed,
                     .size = report.size(),
                     .loose_size = report.loose_size,
                     .copied_files = report.copied,
                     .patched_files = report.patched};
  for (const delta::Fallback& fallback : report.fallbacks)
    result.fallbacks.push_back(fallback.object.text());
  for (const delta::GeneratedPart& part : report.parts) result.part_sizes.push_back(part.size);
  return result;
}

void Repository::verify_delta(const std::string& delta, const DeltaKeys& keys) const {
  const auto verifier = verifier_of(keys);
  if (!verifier)
    throw Error(ErrorKind::InvalidArgument, "There is no key to verify the delta with");
  delta::verify_delta(delta::open_delta(impl_->repo, delta), *verifier);
}

DeltaApplied Repository::apply_delta(const std::string& path, const DeltaKeys& keys,
                                     const CancelToken& cancel) {
  const delta::DeltaFile delta({FileDescriptor::cwd(), path});
  const auto verifier = verifier_of(keys);
  const delta::ApplyReport report =
      delta::apply_delta(impl_->repo, delta, {.verifier = verifier.get(), .cancel = cancel});
  return {report.name.to.hex(), report.was_complete, report.objects.made, report.objects.present};
}

void Repository::delete_delta(const std::string& delta) {
  delta::delete_delta(impl_->repo, delta::require_delta_name(delta));
}

void Repository::reindex_deltas() {
  delta::reindex(impl_->repo, std::nullopt);
}

}  // namespace xylem
