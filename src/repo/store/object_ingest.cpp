#include <fmt/format.h>
#include <sys/stat.h>

#include "base/codec/sha256.hpp"
#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "object/verify.hpp"
#include "repo/keep/extras.hpp"
#include "repo/keep/leases.hpp"
#include "repo/staging/space.hpp"
#include "repo/store/new_object.hpp"
#include "repo/store/store_impl.hpp"
#include "repo/transaction/transaction.hpp"
#include "repo/whole_commit.hpp"

namespace xylem {

using object::ObjectName;
using object::ObjectType;

namespace {

object::FileHeader header_of(const NewObject& object) {
  return {object.uid, object.gid, object.mode, object.symlink_target, {}};
}

std::optional<Checksum> expected_of(const IngestCommit& how) {
  if (!how.expected) return std::nullopt;
  return Checksum::parse(*how.expected);
}

/// A commit is worth what is below it: without that it is marked, before it can be seen.
void mark_unless_whole(repo::Transaction& transaction, const Checksum& commit, ByteView bytes) {
  if (transaction.repo().has({commit, ObjectType::Commit})) return;
  transaction.mark_partial(commit);
  if (repo::has_all_below(transaction.repo(), object::parse_commit(bytes)))
    transaction.mark_complete_on_commit(commit);
}

ObjectName store_metadata(repo::Transaction& transaction, ObjectType type,
                          const std::optional<Checksum>& expected,
                          const repo::NamedIngest& ingest) {
  const Bytes bytes = os::read_file(ingest.data(), object::default_max_metadata_size);
  Sha256 hash;
  hash.update(bytes);
  const ObjectName name{expected.value_or(hash.finish()), type};
  object::verify_metadata(name, bytes);
  if (type == ObjectType::Commit) mark_unless_whole(transaction, name.checksum, bytes);
  transaction.ingest().write_metadata(name, bytes);
  return name;
}

ObjectName store_bytes(repo::Transaction& transaction, const std::optional<Checksum>& expected,
                       const repo::NamedIngest& ingest) {
  const ObjectType type = repo::kind_to_add(ingest.object().kind);
  if (type != ObjectType::File) return store_metadata(transaction, type, expected, ingest);
  FdSource source(ingest.data());
  const auto stored = transaction.ingest().write_content(expected, header_of(ingest.object()),
                                                         ingest.size(), source);
  return {stored.checksum, type};
}

void require_size(const repo::NamedIngest& ingest, const IngestCommit& how) {
  if (how.size && *how.size != ingest.size())
    throw Error(ErrorKind::Corrupt,
                fmt::format("There are {} bytes, and not {}", ingest.size(), *how.size));
}

}  // namespace

ObjectIngest::ObjectIngest(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ObjectIngest::ObjectIngest(ObjectIngest&&) noexcept = default;
ObjectIngest& ObjectIngest::operator=(ObjectIngest&&) noexcept = default;
ObjectIngest::~ObjectIngest() = default;

std::uint64_t ObjectIngest::size() const {
  return impl_->ingest.size();
}

void ObjectIngest::write(std::span<const std::uint8_t> bytes) try {
  if (S_ISLNK(impl_->ingest.object().mode))
    throw Error(ErrorKind::InvalidArgument, "A symlink has no bytes");
  const repo::Repo& repo = impl_->store->repo;
  repo::SpaceBudget(repo.tmp(), repo.config().min_free_space).require(bytes.size());
  impl_->ingest.append(bytes);
} catch (Error& error) {
  repo::explain_no_space(error, impl_->store->repo.tmp(), bytes.size());
  throw;
}

void ObjectIngest::truncate(std::uint64_t size) {
  impl_->ingest.truncate(size);
}

std::string ObjectIngest::commit(const IngestCommit& how) try {
  const auto expected = expected_of(how);
  require_size(impl_->ingest, how);
  repo::Repo& repo = impl_->store->repo;
  repo::Transaction transaction(repo);
  const std::string object = store_bytes(transaction, expected, impl_->ingest).text();
  // Before the object can be seen, so that no prune comes between.
  if (!how.lease.empty()) repo::extend_lease(repo, how.lease, repo::parse_object_name(object));
  transaction.commit();
  impl_->ingest.remove();
  return object;
} catch (const Error& error) {
  if (error.kind() == ErrorKind::Corrupt && !how.keep_if_wrong) impl_->ingest.remove();
  throw;
}

void ObjectIngest::abort() {
  impl_->ingest.remove();
}

}  // namespace xylem
