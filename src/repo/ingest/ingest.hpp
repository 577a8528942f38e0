#pragma once

/// \file
/// Room `repo/ingest`: the way of one object into a staging directory, from bytes, a stream, a
/// `.filez` or another repository. Knows nothing of refs, publishing, other pulls.
///
/// Stages single objects from bytes and streams: hash, write, compare, seal, name.

#include <optional>

#include "repo/ingest/content_format.hpp"
#include "repo/ingest/rolling_writeback.hpp"
#include "repo/ingest/space_claim.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

struct StagerOptions {
  bool sync_each_file = false;  ///< fsync content before it gets its name.
  bool require_bare_user_only_files = false;
  int zlib_level = 6;
  bool roll_writeback = false;  ///< What is staged starts on its way to the disk at once.
};

struct StagedStream {
  Checksum checksum;
  bool added = false;  ///< The object is new: neither published nor staged before.
};

/// Thread-safe. Borrows everything but the options.
class ObjectStager {
 public:
  /// `published` is where the objects go in the end; its mode is theirs.
  ObjectStager(StagingArea& area, const LooseStore& published, SpaceBudget& budget,
               const StagerOptions& options, CancelToken cancel);

  Mode mode() const { return published_.mode(); }
  StagingArea& area() { return area_; }
  const CancelToken& cancel_token() const { return cancel_; }

  /// Whether check() refuses more than the mode does.
  bool restricts_modes() const { return options_.require_bare_user_only_files; }
  /// Throws Error(Unsupported) for a file that the mode, or the options, do not allow.
  void check(const object::FileHeader& header) const;

  /// Each returns whether the object is new: this transaction had not staged it before.

  /// Checked metadata: the bytes as they are.
  bool stage_metadata(const object::ObjectName& name, ByteView bytes);
  /// Content of which `checksum` is known to be right.
  bool stage_content(const Checksum& checksum, const object::FileHeader& header, ByteView content);
  /// A complete and checked archive object; only in mode archive.
  bool stage_filez(const Checksum& checksum, ByteView filez);
  /// As above, of a file that is renamed into staging. `fd` is open on it.
  bool take_over_filez(const Checksum& checksum, const PathAt& filez, UniqueFd fd);
  /// Seals and names a file whose body was written and checked by the caller.
  bool finish(StagedFile& file, const Checksum& checksum, const object::FileHeader& header,
              std::uint64_t size);

  /// Content that is hashed on its way. Throws Error(Corrupt), and stages nothing, if it differs
  /// from `expected`.
  StagedStream stage_stream(const std::optional<Checksum>& expected,
                            const object::FileHeader& header, std::uint64_t size,
                            ByteSource& content);

  /// Takes space for a file of `size` bytes from the budget and runs `write`, which returns whether
  /// the file stays; if not, the space is given back.
  template <typename Write>
  bool spend_space(std::uint64_t size, Write write) {
    const bool stays = spend(budget_, area_.store().dir(), size, write);
    if (stays && options_.roll_writeback) writeback_.wrote(size);
    return stays;
  }

 private:
  StagedStream stage_small(const std::optional<Checksum>& expected,
                           const object::FileHeader& header, std::uint64_t size,
                           ByteSource& content);
  bool stage_verbatim(const object::ObjectName& name, ByteView bytes, bool sync);
  void flush(const StagedFile& file, std::uint64_t size) const;

  StagingArea& area_;
  const LooseStore& published_;
  SpaceBudget& budget_;
  StagerOptions options_;
  CancelToken cancel_;
  std::unique_ptr<ContentFormat> format_;
  RollingWriteback writeback_;
};

}  // namespace xylem::repo
