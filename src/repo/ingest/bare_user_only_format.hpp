#pragma once

#include "repo/ingest/content_format.hpp"

namespace xylem::repo {

/// Content in a file of ours, with its mode; owner and attributes are not kept.
class BareUserOnlyFormat : public ContentFormat {
 public:
  void check(const object::FileHeader& header) const override {
    require_bare_user_only_mode(header);
  }
  StagedFile write(StagingArea& area, const object::FileHeader& header, std::uint64_t size,
                   ByteSource& content) const override;
  StagedFile write(StagingArea& area, const object::FileHeader& header,
                   ByteView content) const override;
  void seal(const StagedFile& file, const object::FileHeader& header) const override;
};

}  // namespace xylem::repo
