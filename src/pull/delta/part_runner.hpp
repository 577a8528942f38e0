#pragma once

#include <memory>

#include "delta/apply/transaction_store.hpp"
#include "delta/format/delta_bytes.hpp"
#include "pull/delta/delta_files.hpp"
#include "pull/source/pull_context.hpp"
#include "pull/source/wait_notice.hpp"
#include "task/memory_gate.hpp"

namespace xylem::pull {

/// Makes the objects of single parts: each is fetched by the pull that could claim it, decompressed
/// into a spool while it comes, and executed. Used from the pull's executor; several parts at once.
class PartRunner {
 public:
  /// `files` is borrowed. Without `shares` no other pull is waited for.
  PartRunner(const PullContext& context, DeltaFiles& files, bool shares);

  /// False if all its objects were here, or came from another pull. Throws what
  /// DeltaFiles::fetch_part() and delta::execute_part() throw; the objects that were made stay.
  asio::awaitable<bool> run(const delta::DeltaBytes& delta, std::size_t index);

 private:
  asio::awaitable<repo::Claim> claim(const delta::PartHeader& header);
  asio::awaitable<std::unique_ptr<delta::Spool>> payload_of(const delta::DeltaBytes& delta,
                                                            std::size_t index);
  bool has_all(const delta::PartHeader& header);

  PullContext context_;
  DeltaFiles& files_;
  bool shares_;
  delta::SpoolOptions spool_;
  delta::TransactionStore store_;
  MemoryGate decoders_;
  WaitNotice notice_;
};

/// What decompressing a part of `size` bytes may take of the memory for decompressing: that of the
/// dictionary, as far as it is filled. Pure.
std::uint64_t decoder_memory(std::uint64_t size);

}  // namespace xylem::pull
