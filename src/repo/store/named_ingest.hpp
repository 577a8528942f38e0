#pragma once

/// \file
/// Room `repo/store`: a repository as a content store: objects listed, read and added one by one.
/// Knows nothing of trees, networks, static deltas.
///
/// Bytes of one object, collected in `tmp/ingest-NAME/` under a name that others know.

#include <string>
#include <vector>

#include "repo/locks/tmpdir.hpp"
#include "repo/repo.hpp"
#include "xylem/store.hpp"

namespace xylem::repo {

/// What one such directory shall become; kept beside the bytes.
struct IngestRecord {
  NewObject object;
  std::int64_t started = 0;
};

/// Has the name, as long as it lives or until remove(). Movable; one thread.
class NamedIngest {
 public:
  /// Makes the directory, or takes the one that is there. `tmp` is borrowed. Throws Error(Locked)
  /// that names the process which has it, Error(Conflict) if it was begun as another object.
  static NamedIngest begin(FileDescriptor tmp, const std::string& name, const NewObject& object);

  const NewObject& object() const { return record_.object; }
  FileDescriptor data() const { return data_; }
  std::uint64_t size() const { return size_; }
  void append(ByteView bytes);
  void truncate(std::uint64_t size);
  /// Deletes the directory, then lets the name go.
  void remove();

 private:
  void touch_now_and_then();

  FileDescriptor tmp_;
  std::string dir_name_;
  TmpDirLock lock_;
  UniqueFd data_;
  IngestRecord record_;
  std::uint64_t size_ = 0;
  std::int64_t touched_ = 0;
};

/// Of all processes, sorted. What cannot be looked at is left out.
std::vector<IngestStatus> list_ingests(FileDescriptor tmp);
/// Throws Error(NotFound), and Error(Locked) if somebody has it.
void abort_ingest(FileDescriptor tmp, const std::string& name);

}  // namespace xylem::repo
