#pragma once

#include "repo/ingest/content_format.hpp"

namespace xylem::repo {

/// Header and deflated content in one `.filez`.
class ArchiveFormat : public ContentFormat {
 public:
  explicit ArchiveFormat(int zlib_level) : zlib_level_(zlib_level) {}
  StagedFile write(StagingArea& area, const object::FileHeader& header, std::uint64_t size,
                   ByteSource& content) const override;
  StagedFile write(StagingArea& area, const object::FileHeader& header,
                   ByteView content) const override;
  void seal(const StagedFile& file, const object::FileHeader& header) const override;

 private:
  int zlib_level_;
};

}  // namespace xylem::repo
