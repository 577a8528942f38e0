#pragma once

/// \file
/// Room `repo/ingest`: the way of one object into a staging directory, from bytes, a stream, a
/// `.filez` or another repository. Knows nothing of refs, publishing, other pulls.
///
/// What a transaction takes in. Each function checks an object, stores it in the staging directory
/// under its name, and tells what was stored. Nobody else sees it before the transaction commits.
/// All functions are safe from several threads at once. They throw
///
///   Error(Corrupt)      the object is not what its name says; nothing is stored
///   Error(Unsupported)  the mode of the repository, or the options, do not allow the file
///   Error(NoSpace)      it would exceed the free space, or the reserve (core.min-free-space-*)
///   Error(Cancelled)    the transaction's token was cancelled
///
/// The way of an object: ingest*.cpp, content_format.hpp (what each mode keeps), staged_file.hpp
/// (a file that has no name yet), staging_area.hpp (the names).

#include <functional>
#include <optional>
#include <set>
#include <variant>

#include "base/os/growing_file.hpp"
#include "repo/ingest/content_format.hpp"
#include "repo/staging/rolling_writeback.hpp"
#include "repo/staging/space_claim.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

struct IngestOptions {
  bool sync_each_file = false;  ///< fsync content before it gets its name.
  bool require_bare_user_only_files = false;
  bool roll_writeback = false;  ///< What is staged starts on its way to the disk at once.
};

/// What became of one object.
struct Stored {
  Checksum checksum;
  /// Of the metadata, or of the content when inflated. 0 if it was not looked at.
  std::uint64_t size = 0;
  bool added = false;  ///< The object is new: neither published nor staged before.
};

struct IngestStats {
  std::uint64_t metadata_written = 0;
  std::uint64_t content_written = 0;
  std::uint64_t content_bytes_written = 0;  ///< Inflated.
  std::uint64_t adopted = 0;                ///< Found in staging from an earlier run.
};

/// An archive object as servers send it:
/// - in memory;
/// - a file on the file system of the repository. An archive repository moves it into staging,
///   other modes leave it for the caller to remove;
/// - as before, but still being written: it is read behind its writer, and waited for.
using FilezInput = std::variant<ByteView, PathAt, std::reference_wrapper<GrowingFile>>;

/// How far a store is trusted that objects are taken from.
enum class Trust {
  Verify,   ///< Hash everything.
  Vouched,  ///< Its owner has hashed everything: link without hashing.
  Trusted,  ///< As Vouched, but nobody has hashed it: others must not rely on what is staged.
};

class Ingest {
 public:
  /// Allocates a staging directory in `repo`, which is borrowed.
  Ingest(const Repo& repo, const IngestOptions& options, CancelToken cancel);

  /// Checks structure and checksum. Metadata that is published or staged already is left as it is,
  /// except detached metadata: see write_commitmeta().
  Stored write_metadata(const object::ObjectName& name, ByteView bytes);
  /// As above, for the name that the bytes have.
  Stored write_metadata(object::ObjectType type, ByteView bytes);
  /// Detached metadata replaces what is there. Empty bytes remove it when the transaction commits.
  Stored write_commitmeta(const Checksum& commit, ByteView bytes);

  /// A content object from its parts. `content` must give exactly `size` bytes (none for a
  /// symlink). Without `expected`, whatever checksum it has is the right one.
  Stored write_content(const std::optional<Checksum>& expected, const object::FileHeader& header,
                       std::uint64_t size, ByteSource& content);

  /// A whole `.filez`, which must inflate to exactly what `expected` says, with nothing behind the
  /// end of the stream. A declared size above `limit` bytes is refused before anything is inflated.
  /// An archive keeps these very bytes.
  Stored add_filez(const Checksum& expected, const FilezInput& filez,
                   std::uint64_t limit = UINT64_MAX);
  /// Stores the server's bytes without a check (--http-trusted). Throws Error(Unsupported) unless
  /// the repository is an archive.
  Stored add_unchecked_filez(const Checksum& expected, ByteView filez);

  /// An object of another store: a hard link where modes and file system allow it, else a reflink
  /// or copy, else the content encoded anew. The file is opened once, and what was opened is hashed
  /// and linked. Only what nobody else can change is linked (may_trust()); of all else the copy is
  /// hashed. nullopt if the store does not have the object.
  std::optional<Stored> add_from(const LooseStore& source, const object::ObjectName& name,
                                 Trust trust);

  /// Takes space for a file of `size` bytes that is written beside staging, as a download is, until
  /// the result is destroyed. `further` bytes must be left besides, for what becomes of it. Throws
  /// Error(NoSpace).
  std::unique_ptr<SpaceClaim> reserve(std::uint64_t size, std::uint64_t further);

  IngestStats stats() const;

  // What the transaction needs to look up and to publish.

  StagingArea& area() { return area_; }
  const StagingArea& area() const { return area_; }
  const CancelToken& cancel_token() const { return cancel_; }
  /// Whether files may be refused that the mode of the repository could keep.
  bool restricts_modes() const { return options_.require_bare_user_only_files; }
  /// Commits whose detached metadata is to be removed.
  std::set<Checksum> removed_commitmeta() const;

 private:
  Mode mode() const { return published_.mode(); }
  bool is_known(const object::ObjectName& name);
  /// The one place where what was stored is counted.
  Stored count(object::ObjectType type, const Stored& stored);
  void check(const object::FileHeader& header) const;

  // Each of these stores what is known to be right, and returns whether the transaction had not
  // staged it before.

  bool store_metadata(const object::ObjectName& name, ByteView bytes);
  bool store_content(const Checksum& checksum, const object::FileHeader& header, ByteView content);
  bool store_filez(const Checksum& checksum, ByteView filez);
  bool store_verbatim(const object::ObjectName& name, ByteView bytes, bool sync);
  bool take_over_filez(const Checksum& checksum, const PathAt& filez, UniqueFd fd);
  /// Of a file that others could change: the copy is hashed.
  bool copy_filez(const object::ObjectName& name, FileDescriptor filez, std::uint64_t size);
  /// Seals and names a file whose body was written and checked.
  bool finish(StagedFile& file, const Checksum& checksum, const object::FileHeader& header,
              std::uint64_t size);
  void flush(const StagedFile& file, std::uint64_t size) const;
  /// Takes space for a file of `size` bytes from the budget and runs `write`, which returns whether
  /// the file stays; if not, the space is given back.
  template <typename Write>
  bool spend_space(std::uint64_t size, Write write) {
    const bool stays = write_within(budget_, area_.store().dir(), size, write);
    if (stays && options_.roll_writeback) writeback_.wrote(size);
    return stays;
  }

  // Content as a stream: ingest.cpp.

  Stored hash_and_store(const std::optional<Checksum>& expected, const object::FileHeader& header,
                        std::uint64_t size, ByteSource& content);
  Stored hash_and_store_small(const std::optional<Checksum>& expected,
                              const object::FileHeader& header, std::uint64_t size,
                              ByteSource& content);

  // A `.filez`: ingest_filez.cpp.

  Stored take_filez(const object::ObjectName& name, const FilezInput& filez, std::uint64_t limit);
  Stored take_filez_bytes(const object::ObjectName& name, ByteView filez, std::uint64_t limit);
  bool take_small_filez(const object::ObjectName& name, const object::FilezHeader& header,
                        ByteView filez);
  bool take_large_filez(const object::ObjectName& name, const object::FilezHeader& header,
                        ByteView filez);
  Stored take_filez_file(const object::ObjectName& name, LoadedFile& file, std::uint64_t limit,
                         const std::function<PathAt()>& where);
  bool take_filez_stream(const object::ObjectName& name, const object::FileHeader& header,
                         std::uint64_t size, ByteSource& content,
                         const std::function<bool()>& keep);

  // An object of another store: ingest_object.cpp.

  std::optional<Stored> take_object(const LooseStore& source, const object::ObjectName& name,
                                    Trust trust);
  std::optional<Stored> take_metadata(const LooseStore& source, const object::ObjectName& name,
                                      Trust trust);
  std::optional<Stored> take_content(const LooseStore& source, const object::ObjectName& name,
                                     Trust trust);
  std::optional<Stored> take_archived(const LooseStore& source, const object::ObjectName& name);
  bool take_loaded(const LooseStore& source, const object::ObjectName& name, LoadedFile& file,
                   bool verify);
  bool store_as_called(const Checksum& checksum, const object::FileHeader& header,
                       std::uint64_t size, ByteSource& content);
  bool take_copy(const object::ObjectName& name, const LoadedFile& file, bool verify);
  bool try_link_unseen(const LooseStore& source, const object::ObjectName& name);

  StagingArea area_;
  const LooseStore& published_;  ///< Where the objects go in the end; its mode is theirs.
  SpaceBudget budget_;
  IngestOptions options_;
  CancelToken cancel_;
  std::unique_ptr<ContentFormat> format_;
  RollingWriteback writeback_;

  std::atomic<std::uint64_t> metadata_written_ = 0;
  std::atomic<std::uint64_t> content_written_ = 0;
  std::atomic<std::uint64_t> content_bytes_written_ = 0;

  mutable std::mutex mutex_;               ///< Protects the next.
  std::set<Checksum> removed_commitmeta_;  ///< To be removed by commit().
};

}  // namespace xylem::repo
