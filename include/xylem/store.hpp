#pragma once

/// \file
/// A repository as a content store: objects looked at, read, added under a name and deleted, with
/// leases and labels. An object is named "<checksum>.<kind>", as in ErrorDetails::object; the kinds
/// are "file", "dirtree", "dirmeta", "commit", and those that libostree keeps beside them. All of
/// it throws xylem::Error.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "xylem/cancel.hpp"
#include "xylem/error.hpp"
#include "xylem/leases.hpp"

namespace xylem {

struct ObjectInfo {
  std::string object;              ///< "<checksum>.<kind>"
  std::uint64_t stored_bytes = 0;  ///< That its file has.
  std::uint64_t bytes = 0;         ///< Unpacked: of a file its content, none for a symlink.
  /// When its file last changed, or got or lost a link, as by a checkout; seconds since the epoch.
  std::int64_t changed = 0;
  bool of_parent = false;  ///< It is in a parent of the repository.
  std::map<std::string, std::string> labels;
};

/// What all of the given conditions hold for.
struct ObjectFilter {
  std::set<std::string> kinds;  ///< Any of these; empty: all.
  std::string prefix;           ///< Of the checksum, in hexadecimal digits.
  std::optional<std::int64_t> changed_before;
  std::optional<std::int64_t> changed_since;
  /// Whether a ref or a lease leads to it, history and all: what `prune --refs-only` keeps.
  std::optional<bool> reachable;
  std::string label;                       ///< It has this label,
  std::optional<std::string> label_value;  ///< with this value.
};

/// The content of a file, or a metadata object as it is. It stays readable when the object is
/// deleted meanwhile. Movable; for one thread.
class ObjectReader {
 public:
  ObjectReader(ObjectReader&&) noexcept;
  ObjectReader& operator=(ObjectReader&&) noexcept;
  ~ObjectReader();

  std::uint64_t size() const;
  /// Fills the front of `buffer` with what follows; 0 is the end.
  std::size_t read(std::span<std::uint8_t> buffer);
  /// As above, from `offset` on, where the next read() goes on. In an archive, going back begins to
  /// unpack anew.
  std::size_t read_at(std::span<std::uint8_t> buffer, std::uint64_t offset);

 private:
  friend class ObjectStore;
  struct Impl;
  explicit ObjectReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// What is to be added. The attributes are those of kind "file".
struct NewObject {
  std::string kind = "file";
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0100644;        ///< With S_IFREG or S_IFLNK.
  std::string symlink_target;          ///< Of a symlink, which has no bytes.
  std::optional<std::uint64_t> total;  ///< Bytes that will come, for others to see.
};

struct IngestCommit {
  std::optional<std::uint64_t> size;    ///< Bytes that must have come.
  std::optional<std::string> expected;  ///< The checksum that the object must have.
  /// If they have not, or it has not: keep the bytes, to be gone on with, or drop them.
  bool keep_if_wrong = false;
  std::string lease;  ///< One that shall keep the object, from before it appears.
};

/// An object on its way in, under a name of the caller's. One process, and one object of this
/// class, has the name; what it wrote outlives it, a crash and a reboot, as downloads do: nothing
/// is believed before all of it has been hashed. Movable; for one thread. The destructor lets the
/// name go and keeps the bytes.
class ObjectIngest {
 public:
  ObjectIngest(ObjectIngest&&) noexcept;
  ObjectIngest& operator=(ObjectIngest&&) noexcept;
  ~ObjectIngest();

  /// Bytes that are there: where the next one goes. Not 0 if an earlier writer was interrupted.
  std::uint64_t size() const;
  /// Throws Error(NoSpace), also if it would use up the reserve (core.min-free-space-*).
  void write(std::span<const std::uint8_t> bytes);
  /// Drops all behind the first `size` bytes. Throws Error(InvalidArgument) if there are fewer.
  void truncate(std::uint64_t size);
  /// Hashes all bytes, publishes the object durably and returns its name; this is over then.
  /// Throws Error(Corrupt) for a wrong size or checksum, and for bytes that are no such object. A
  /// commit whose tree is not here is marked partial.
  std::string commit(const IngestCommit& how = {});
  /// Drops the bytes; this is over then.
  void abort();

 private:
  friend class ObjectStore;
  struct Impl;
  explicit ObjectIngest(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct IngestStatus {
  std::string name;
  std::string kind;
  std::uint64_t bytes = 0;  ///< So far.
  std::optional<std::uint64_t> total;
  std::int64_t started = 0;  ///< Seconds since the epoch.
  std::int64_t updated = 0;
  bool active = false;   ///< Somebody has it open.
  std::int64_t pid = 0;  ///< Who; 0 if that is not known.
};

/// Objects that could not be removed; all others were.
struct RemovedObjects {
  std::uint64_t objects = 0;
  std::uint64_t bytes_freed = 0;
  std::vector<Error> failures;
};

/// Movable; one thread at a time. Any number of them, here and in other processes, may be open.
class ObjectStore {
 public:
  /// Throws Error(NotFound) unless there is a repository at `path`.
  static ObjectStore open(const std::string& path);
  ObjectStore(ObjectStore&&) noexcept;
  ObjectStore& operator=(ObjectStore&&) noexcept;
  ~ObjectStore();

  /// Of the repository or a parent. Throws Error(NotFound).
  ObjectInfo info(const std::string& object) const;
  ObjectReader read(const std::string& object) const;
  /// Calls for each object of the repository itself, in the order of their names, until `visit`
  /// returns false. What is deleted meanwhile is left out.
  void walk(const ObjectFilter& filter, const std::function<bool(const ObjectInfo&)>& visit,
            const CancelToken& cancel = {}) const;
  /// Deletes what nothing needs: no commit that a ref or a lease leads to, nothing that a lease
  /// names, nothing below a commit that stays. Throws Error(InvalidArgument) and deletes nothing if
  /// one of them is needed, Error(NotFound) if one is not here. Waits for pulls as prune() does.
  RemovedObjects remove(const std::vector<std::string>& objects, const CancelToken& cancel = {});

  /// Begins to add an object, or goes on with what is there under the name. Throws Error(Locked)
  /// that names the process which has it, Error(Conflict) if it was begun as another object.
  ObjectIngest ingest(const std::string& name, const NewObject& object = {});
  /// All that was begun and not ended, by any process, sorted.
  std::vector<IngestStatus> ingests() const;
  /// Drops the bytes of one that nobody has open. Throws Error(NotFound), Error(Locked).
  void abort_ingest(const std::string& name);

  /// By name, also those that have ended.
  std::vector<Lease> leases() const;
  /// Makes a lease, or changes the one of that name. Throws Error(NotFound) for an object that is
  /// not in the repository.
  Lease lease(const LeaseRequest& request);
  /// Throws Error(NotFound).
  void release(const std::string& lease);

  /// Sets labels, and removes those without a value, all or none; returns what there is then.
  std::map<std::string, std::string> label(
      const std::string& object, const std::map<std::string, std::optional<std::string>>& changes);

 private:
  friend class ObjectIngest;
  struct Impl;
  explicit ObjectStore(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace xylem
