#include "repo/transaction/edit_detached.hpp"

#include "repo/disk/replace_file.hpp"
#include "repo/transaction/transaction.hpp"

namespace xylem::repo {

namespace {

/// A file without a byte tells clients that what they have is gone, as in libostree; no file would
/// tell them nothing.
void empty(const Repo& repo, const object::ObjectName& name) {
  if (repo.store().has(name)) replace_file(repo.store().path(name), {}, repo.config().fsync);
}

}  // namespace

void edit_detached(Repo& repo, const Checksum& commit,
                   const std::function<object::Dict(const object::Dict&)>& change) {
  Transaction transaction(repo);
  const EditLock lock = repo.edit_lock(Edited::Detached);
  const object::Dict after = change(repo.load_commitmeta(commit));
  const Bytes bytes = object::serialize_dict_object(after);
  if (bytes.empty()) return empty(repo, {commit, object::ObjectType::CommitMeta});
  transaction.ingest().write_commitmeta(commit, bytes);
  transaction.commit();
}

}  // namespace xylem::repo
