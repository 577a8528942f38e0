#pragma once

/// \file
/// The seam itself: every call that os.hpp, os_metadata.hpp, os_lock.hpp and directory.hpp make
/// goes through observed(), where a test can record it, fail it, or end the process in its place.
/// Without an observer it costs one load of a pointer.
///
/// Not seen are close() (its errors are ignored, and it promises nothing) and what only finds words
/// for a message (path_of(), lock_holder()).

#include <sys/types.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"

namespace xylem::os {

enum class Operation {
  // Looking.
  Open,  ///< Without O_CREAT.
  Duplicate,
  Read,
  List,
  Stat,
  ReadLink,
  ReadAttribute,
  Space,
  // Changing.
  Create,          ///< open with O_CREAT: `path`, `flags`.
  CreateNameless,  ///< O_TMPFILE: `path` is the directory.
  Write,           ///< `fd`, `bytes`, `offset`; the result says how many.
  Copy,            ///< copy_file_range: `fd` is the target.
  Truncate,        ///< `fd`, `offset` is the new size.
  MakeDir,         ///< `path`.
  Link,            ///< `from`, `path`.
  LinkNameless,    ///< `fd`, `path`.
  Symlink,         ///< `bytes` is the target, `path`.
  Rename,          ///< `from`, `path`; `flags` as renameat2 has them.
  Unlink,          ///< `path`.
  RemoveDir,       ///< `path`.
  // Changing what lies beside the bytes: of `fd` or, if that is invalid, of `path`.
  SetMode,
  SetOwner,
  SetTimes,
  SetAttribute,
  RemoveAttribute,
  // Durability: `fd`.
  Sync,
  SyncFileSystem,
  StartWriteback,
  // Locks: `fd`.
  Lock,
  Unlock,
  AskLock,
};

/// Offset of a write at the file position.
constexpr std::uint64_t at_position = ~std::uint64_t{0};

/// One call; what it points at lives as long as the call. Members that Operation does not name for
/// an operation may be left out.
struct Call {
  Operation operation;
  FileDescriptor fd{};
  const PathAt* path = nullptr;  ///< The name that is looked at, made or removed.
  const PathAt* from = nullptr;  ///< The name that there was before.
  ByteView bytes{};
  std::uint64_t offset = 0;
  int flags = 0;
};

/// Told of each call in place of the kernel. On any thread, on several at once. Must not throw.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Does the call by calling `real` and returns its result, or does not: then returns -1 and sets
  /// errno. After EINTR the caller asks again.
  virtual long call(const Call& call, const std::function<long()>& real) = 0;
};

/// Installs an observer for the whole process; the destructor brings the previous one back. Both
/// while no other thread makes calls.
class ObserverScope {
 public:
  explicit ObserverScope(Observer& observer);
  ObserverScope(const ObserverScope&) = delete;
  ObserverScope& operator=(const ObserverScope&) = delete;
  ~ObserverScope();

 private:
  Observer* previous_;
};

namespace detail {
extern std::atomic<Observer*> observer;
}

/// Makes one call of the operating system, again while it is interrupted. `real` returns -1 and
/// sets errno if it fails.
template <typename Real>
long observed(const Call& call, Real real) {
  for (;;) {
    Observer* const observer = detail::observer.load(std::memory_order_acquire);
    const long result =
        observer == nullptr ? static_cast<long>(real()) : observer->call(call, real);
    if (result != -1 || errno != EINTR) return result;
  }
}

}  // namespace xylem::os
