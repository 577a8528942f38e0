#pragma once

#include "repo/ingest/content_format.hpp"

namespace xylem::repo {

/// The file itself, with its owner, mode and attributes: as root only, unless the owner is
/// ourselves.
class BareFormat : public ContentFormat {
 public:
  StagedFile write(StagingArea& area, const object::FileHeader& header, std::uint64_t size,
                   ByteSource& content) const override;
  StagedFile write(StagingArea& area, const object::FileHeader& header,
                   ByteView content) const override;
  void seal(const StagedFile& file, const object::FileHeader& header) const override;
};

}  // namespace xylem::repo
