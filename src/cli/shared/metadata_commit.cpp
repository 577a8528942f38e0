#include "cli/shared/metadata_commit.hpp"

#include <sys/stat.h>

#include <ctime>

#include "object/commit.hpp"
#include "object/dirtree.hpp"
#include "repo/refs/refs.hpp"
#include "repo/transaction/transaction.hpp"

namespace xylem::cli {

namespace {

using object::ObjectType;

constexpr char metadata_ref[] = "ostree-metadata";

object::Dict bound_to(const repo::CollectionRef& ref, const object::Dict& metadata) {
  return object::DictBuilder(metadata)
      .set(object::commit_key::ref_binding, std::vector<std::string>{ref.ref})
      .set(object::commit_key::collection_binding, ref.collection_id)
      .build();
}

}  // namespace

void commit_summary_metadata(repo::Repo& repo, const object::Dict& metadata,
                             const SigningOptions& signing) {
  const auto& collection = repo.config().collection_id;
  if (!collection) return;
  const repo::CollectionRef ref{*collection, metadata_ref};
  object::Commit commit;
  commit.metadata = bound_to(ref, metadata);
  commit.parent = repo::find_ref(repo, ref);
  commit.timestamp = static_cast<std::uint64_t>(std::time(nullptr));

  repo::Transaction transaction(repo);
  repo::Ingest& ingest = transaction.ingest();
  const object::DirMeta root{0, 0, S_IFDIR | 0755, {}};
  commit.root_meta =
      ingest.write_metadata(ObjectType::DirMeta, object::serialize_dirmeta(root)).checksum;
  commit.root_tree =
      ingest.write_metadata(ObjectType::DirTree, object::serialize_dirtree({})).checksum;
  const Bytes bytes = object::serialize_commit(commit);
  const Checksum checksum = ingest.write_metadata(ObjectType::Commit, bytes).checksum;
  if (!signing.empty())
    ingest.write_commitmeta(checksum,
                            object::serialize_dict_object(add_signatures({}, bytes, signing)));
  transaction.set_ref(ref, checksum);
  transaction.commit();
}

}  // namespace xylem::cli
