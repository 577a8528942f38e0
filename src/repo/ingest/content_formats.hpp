#pragma once

/// \file
/// The four modes that content objects are written in, one class each. Formats: docs/on-disk.md.

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

/// Content in a file of ours, all metadata in an attribute; a symlink's target is content, too.
class BareUserFormat : public ContentFormat {
 public:
  StagedFile write(StagingArea& area, const object::FileHeader& header, std::uint64_t size,
                   ByteSource& content) const override;
  StagedFile write(StagingArea& area, const object::FileHeader& header,
                   ByteView content) const override;
  void seal(const StagedFile& file, const object::FileHeader& header) const override;
};

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
