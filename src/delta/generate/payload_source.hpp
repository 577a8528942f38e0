#pragma once

#include "delta/generate/part_plan.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

/// The payload of a part, as it is read. Takes a few buffers of memory, and metadata objects as a
/// whole. Files that come as a whole are checked on the way: read() throws Error(Corrupt) that
/// names a damaged one.
class PayloadSource : public ByteSource {
 public:
  /// All are borrowed.
  PayloadSource(const PartPlan& plan, const repo::Repo& repo, const RandomSource& scratch,
                CancelToken cancel);
  ~PayloadSource() override;

  std::size_t read(MutableByteView buffer) override;
  std::uint64_t size() const {
    return frame_.before.size() + plan_.blob_size() + frame_.behind.size();
  }

 private:
  std::unique_ptr<ByteSource> open_next();

  const PartPlan& plan_;
  const repo::Repo& repo_;
  const RandomSource& scratch_;
  CancelToken cancel_;
  PayloadFrame frame_;
  std::unique_ptr<ByteSource> piece_;
  std::size_t next_ = 0;  ///< Of the pieces: the frame's first one, the blob's, the frame's last.
};

}  // namespace xylem::delta
