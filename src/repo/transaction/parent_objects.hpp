#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "object/names/object_set.hpp"
#include "repo/read_lock.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

/// The objects of a repository's parents, as a source that may fail: a metadata object there that
/// is damaged or cannot be read is as good as missing, and is told of once. Holds the shared locks
/// of the parents, so that what is here stays here. Thread-safe. Borrows the repository.
class ParentObjects {
 public:
  /// Told of what was found to be bad, on any thread.
  using OnBad = std::function<void(const object::ObjectName&, const Error&)>;

  ParentObjects(const Repo& repo, OnBad on_bad, const CancelToken& cancel);

  /// Of content only whether there is such a file; its bytes are not looked at.
  bool has(const object::ObjectName& name);
  /// Checked against its name.
  std::optional<Bytes> load_metadata(const object::ObjectName& name);
  std::optional<LoadedFile> load_file(const Checksum& file);

 private:
  template <typename Result>
  Result ask(const object::ObjectName& name, const std::function<Result(const Repo&)>& question);
  bool is_bad(const object::ObjectName& name) const;
  void note_bad(const object::ObjectName& name, const Error& error);

  const Repo& repo_;
  OnBad on_bad_;
  ReadLock lock_;
  mutable std::mutex mutex_;  ///< Protects the next.
  object::ObjectSet bad_;
};

}  // namespace xylem::repo
