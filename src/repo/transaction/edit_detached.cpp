#include "repo/transaction/edit_detached.hpp"

#include "repo/transaction/transaction.hpp"

namespace xylem::repo {

void edit_detached(Repo& repo, const Checksum& commit,
                   const std::function<object::Dict(const object::Dict&)>& change) {
  Transaction transaction(repo);
  const EditLock lock = repo.edit_lock(Edited::Detached);
  const object::Dict after = change(repo.load_commitmeta(commit));
  transaction.ingest().write_commitmeta(commit, object::serialize_dict_object(after));
  transaction.commit();
}

}  // namespace xylem::repo
