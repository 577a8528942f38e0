#pragma once

#include "delta/apply/part_store.hpp"
#include "delta/apply/spool.hpp"
#include "repo/transaction/transaction.hpp"

namespace xylem::delta {

/// The objects of a transaction, of its repository and of parents. An object of an archive, which
/// can be read from its begin only, is inflated into a spool first.
class TransactionStore : public PartStore {
 public:
  /// `transaction` is borrowed.
  TransactionStore(repo::Transaction& transaction, const SpoolOptions& spool)
      : transaction_(transaction), spool_(spool) {}

  bool has(const object::ObjectName& name) override { return transaction_.has(name); }
  std::unique_ptr<RandomSource> open(const Checksum& file) override;
  bool is_sound(const Checksum& file) override;
  void write_metadata(const object::ObjectName& name, ByteView bytes) override {
    transaction_.ingest().write_metadata(name, bytes);
  }
  void write_content(const Checksum& file, const object::FileHeader& header, std::uint64_t size,
                     ByteSource& content) override {
    transaction_.ingest().write_content(file, header, size, content);
  }

 private:
  repo::Transaction& transaction_;
  SpoolOptions spool_;
};

}  // namespace xylem::delta
