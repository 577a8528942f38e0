#pragma once

/// \file
/// Room `base/os`: every call to the operating system: descriptors, files, directories, locks,
/// mounts, the sandbox. Knows nothing of OSTree, networks, threads.
///
/// The seam to the operating system: every call that changes or reads a file goes through here and
/// nowhere else, so that a test can fail it, and record it (os_observer.hpp). Blocking; any thread.
/// EINTR is retried. A failing call throws Error(Io), or Error(NoSpace) for ENOSPC and EDQUOT, with
/// path and errno; what callers expect to happen is a return value instead.

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"

namespace xylem::os {

/// Throws the Error for `error_number`: "`what` `path`: No such file or directory".
[[noreturn]] void fail(int error_number, std::string_view what, std::string_view path);

// Opening. O_CLOEXEC and O_NOCTTY are always added.

UniqueFd open(const PathAt& path, int flags, mode_t mode = 0);
/// Invalid when the file does not exist.
UniqueFd try_open(const PathAt& path, int flags, mode_t mode = 0);
UniqueFd open_dir(const PathAt& path);
/// Invalid when the directory does not exist.
UniqueFd try_open_dir(const PathAt& path);
/// What open_beneath() does with symlinks.
enum class Symlinks {
  Inside,  ///< Follows those that stay inside.
  Refuse,  ///< Takes none, ELOOP.
};
/// As open(), but no component may lead outside of `path.dir`: not by "..", not by an absolute
/// path or symlink. Throws Error(InvalidArgument) if one would. By openat2 where the kernel has it,
/// else name by name.
UniqueFd open_beneath(const PathAt& path, int flags, mode_t mode = 0,
                      Symlinks symlinks = Symlinks::Inside);
/// Another descriptor for the same open file.
UniqueFd duplicate(FileDescriptor fd);
/// A nameless file in `dir`, for link_fd(). Invalid where the file system has no such thing.
UniqueFd try_open_nameless(FileDescriptor dir, mode_t mode);

// Bytes.

/// Reads up to buffer.size() at `offset`; less only at the end of the file.
std::size_t read_at(FileDescriptor fd, MutableByteView buffer, std::uint64_t offset);
/// Reads what there is, up to buffer.size(), from the file position on, as pipes want it. 0 is the
/// end.
std::size_t read_some(FileDescriptor fd, MutableByteView buffer);
void write_all(FileDescriptor fd, ByteView bytes);
void write_all_at(FileDescriptor fd, ByteView bytes, std::uint64_t offset);
/// The whole file; throws Error(Corrupt) if it is larger than `limit`.
Bytes read_file(FileDescriptor fd, std::uint64_t limit);
/// As above, by name; nullopt if there is no such file. Never waits: throws Error(Io) for what is
/// no regular file, a pipe for example.
std::optional<Bytes> try_read_file(const PathAt& path, std::uint64_t limit);
/// Copies `size` bytes, sharing extents where the file system can.
void copy_file(FileDescriptor from, FileDescriptor to, std::uint64_t size);
/// Sets the size of the file: cuts it, or makes it longer with zeros.
void truncate(FileDescriptor fd, std::uint64_t size);
/// Asks the kernel to start writing back the file's dirty pages; never waits, never fails.
void start_writeback(FileDescriptor fd) noexcept;

// Names.

/// False if the name is taken.
bool make_dir(const PathAt& path, mode_t mode);
/// Makes all missing components of a relative or absolute path.
void make_dirs(const PathAt& path, mode_t mode);
/// Hard link; false if the new name is taken. `try_link` says why in errno terms instead: 0,
/// EEXIST, EXDEV, EPERM, EMLINK or ENOENT; anything else throws.
bool link(const PathAt& from, const PathAt& to);
int try_link(const PathAt& from, const PathAt& to);
/// Gives a nameless file its name; false if it is taken.
bool link_fd(FileDescriptor fd, const PathAt& to);
void symlink(std::string_view target, const PathAt& path);
/// False if the name is taken.
bool try_symlink(std::string_view target, const PathAt& path);
std::string read_link(const PathAt& path);
/// Replaces what is there.
void rename(const PathAt& from, const PathAt& to);
/// False if the new name is taken, which then stays as it is.
bool rename_noreplace(const PathAt& from, const PathAt& to);
/// As above, of a directory; also false where the file system cannot do it.
bool try_rename_dir(const PathAt& from, const PathAt& to);
/// False if there was nothing to remove. `remove_dir` is also false if it is not empty.
bool unlink(const PathAt& path);
bool remove_dir(const PathAt& path);

// Looking.

struct stat stat(FileDescriptor fd);
/// Does not follow a symlink; nullopt if there is nothing.
std::optional<struct stat> try_stat(const PathAt& path);
/// Whether these are of one and the same file.
bool same_file(const struct stat& a, const struct stat& b) noexcept;
/// Throws Error(Io) for a pipe, a directory and the like; `path` is what the message names.
void require_regular(FileDescriptor fd, const PathAt& path);
/// Whether `path` exists (a symlink itself counts).
bool exists(const PathAt& path);
/// Whether we may write to `path`, as far as permissions and a read-only mount tell.
bool is_writable(const PathAt& path);

// Durability.

void fsync(FileDescriptor fd);
void fdatasync(FileDescriptor fd);
void syncfs(FileDescriptor fd);

struct SpaceLeft {
  std::uint64_t block_size = 0;
  std::uint64_t blocks_total = 0;
  std::uint64_t blocks_free = 0;       ///< With those that only root may use.
  std::uint64_t blocks_available = 0;  ///< For everybody.
};
SpaceLeft space_left(FileDescriptor fd);

/// For messages only: what /proc says the descriptor's path is.
std::string path_of(FileDescriptor fd);
std::string path_of(const PathAt& path);

}  // namespace xylem::os
