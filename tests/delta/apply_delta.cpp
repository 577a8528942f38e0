#include "delta/apply_delta.hpp"

#include "delta/apply/delta_file.hpp"
#include "delta/apply/part_reader.hpp"
#include "delta/apply/transaction_store.hpp"

namespace xylem::test {

using namespace delta;

namespace {

PartOutcome apply(const DeltaFile& delta, repo::Transaction& transaction) {
  const SpoolOptions spool{.dir = transaction.repo().tmp()};
  TransactionStore store(transaction, spool);
  PartOutcome sum;
  for (std::size_t i = 0; i < delta.superblock().parts.size(); ++i) {
    const PartHeader& header = delta.superblock().parts[i];
    const auto file = delta.open_part(i);
    const auto payload = read_part(*file, header, {.spool = spool});
    const PartOutcome outcome = execute_part(header, *payload, store);
    sum.made += outcome.made;
    sum.present += outcome.present;
  }
  return sum;
}

}  // namespace

PartOutcome apply_parts(const std::string& path, const std::string& delta) {
  repo::Repo repo = repo::Repo::open(path);
  repo::Transaction transaction(repo);
  const PartOutcome outcome = apply(DeltaFile({FileDescriptor::cwd(), delta}), transaction);
  transaction.commit();
  return outcome;
}

PartOutcome apply_delta(const std::string& path, const std::string& dir) {
  repo::Repo repo = repo::Repo::open(path);
  repo::Transaction transaction(repo);
  const DeltaFile delta({FileDescriptor::cwd(), dir});
  const PartOutcome outcome = apply(delta, transaction);
  const Superblock& superblock = delta.superblock();
  transaction.ingest().write_metadata({superblock.to, object::ObjectType::Commit},
                                      superblock.commit);
  transaction.set_ref(object::RefSpec{std::nullopt, "main"}, superblock.to);
  transaction.commit();
  return outcome;
}

}  // namespace xylem::test
