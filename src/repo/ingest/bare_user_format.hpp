#pragma once

#include "repo/ingest/content_format.hpp"

namespace xylem::repo {

/// Content in a file of ours, all metadata in an attribute; a symlink's target is content, too.
class BareUserFormat : public ContentFormat {
 public:
  StagedFile write(StagingArea& area, const object::FileHeader& header, std::uint64_t size,
                   ByteSource& content) const override;
  StagedFile write(StagingArea& area, const object::FileHeader& header,
                   ByteView content) const override;
  void seal(const StagedFile& file, const object::FileHeader& header) const override;
};

}  // namespace xylem::repo
