#include "base/directory.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <cerrno>
#include <exception>
#include <memory>

#include "base/os.hpp"
#include "base/os_check.hpp"
#include "base/os_observer.hpp"

namespace xylem {

namespace {

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

bool is_dot(std::string_view name) {
  return name == "." || name == "..";
}

DIR* open_stream(FileDescriptor dir) {
  DIR* stream = nullptr;
  os::observed({.operation = os::Operation::List, .fd = dir}, [&] {
    stream = ::fdopendir(dir.get());
    return stream == nullptr ? -1 : 0;
  });
  return stream;
}

/// Null at the end.
const dirent* next_entry(DIR& stream, FileDescriptor dir) {
  const dirent* entry = nullptr;
  const auto result = os::observed({.operation = os::Operation::List, .fd = dir}, [&] {
    errno = 0;
    entry = ::readdir(&stream);
    return entry == nullptr && errno != 0 ? -1 : 0;
  });
  os::check(result, "Listing", dir);
  return entry;
}

unsigned char type_of(FileDescriptor dir, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type;
  const auto info = os::try_stat({dir, entry.d_name});
  if (!info) return DT_REG;
  return static_cast<unsigned char>(IFTODT(info->st_mode));
}

void remove_contents(FileDescriptor dir, std::exception_ptr& first_error) {
  for (const DirEntry& entry : list_directory(dir)) {
    try {
      remove_tree({dir, entry.name});
    } catch (...) {
      if (!first_error) first_error = std::current_exception();
    }
  }
}

}  // namespace

std::vector<DirEntry> list_directory(FileDescriptor dir) {
  // Opened afresh: the position of `dir` belongs to its owner.
  UniqueFd own = os::open_dir({dir, "."});
  const std::unique_ptr<DIR, CloseDir> stream(open_stream(own));
  if (!stream) os::fail(errno, "Listing", os::path_of(dir));
  own.release();

  std::vector<DirEntry> entries;
  for (;;) {
    const dirent* entry = next_entry(*stream, dir);
    if (entry == nullptr) return entries;
    if (!is_dot(entry->d_name)) entries.push_back({entry->d_name, type_of(dir, *entry)});
  }
}

bool remove_tree(const PathAt& path) {
  const auto info = os::try_stat(path);
  if (!info) return false;
  if (!S_ISDIR(info->st_mode)) return os::unlink(path);

  std::exception_ptr first_error;
  const UniqueFd dir = os::try_open({path.dir, path.name}, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (dir.valid()) remove_contents(dir, first_error);
  if (first_error) std::rethrow_exception(first_error);
  return os::remove_dir(path);
}

}  // namespace xylem
