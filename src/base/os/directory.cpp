#include "base/os/directory.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "base/error_list.hpp"
#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_observer.hpp"

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

/// All but "." and "..", until `visit` returns false.
template <typename Visit>
void visit_entries(FileDescriptor dir, Visit visit) {
  // Opened afresh: the position of `dir` belongs to its owner.
  UniqueFd own = os::open_dir({dir, "."});
  const std::unique_ptr<DIR, CloseDir> stream(open_stream(own));
  if (!stream) os::fail(errno, "Listing", os::path_of(dir));
  own.release();
  while (const dirent* entry = next_entry(*stream, dir))
    if (!is_dot(entry->d_name) && !visit(*entry)) return;
}

unsigned char type_of(FileDescriptor dir, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type;
  const auto info = os::try_stat({dir, entry.d_name});
  if (!info) return DT_REG;
  return static_cast<unsigned char>(IFTODT(info->st_mode));
}

void remove_contents(const PathAt& path, ErrorList& failures);

bool remove_entry(const PathAt& path, bool is_directory, ErrorList& failures) {
  if (!is_directory) return os::unlink(path);
  const std::size_t failures_before = failures.count();
  remove_contents(path, failures);
  return failures.count() == failures_before && os::remove_dir(path);
}

void remove_contents(const PathAt& path, ErrorList& failures) {
  const UniqueFd dir = os::try_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!dir.valid()) return;
  for (const DirEntry& entry : list_directory(dir))
    failures.attempt([&] { remove_entry({dir, entry.name}, entry.type == DT_DIR, failures); });
}

}  // namespace

std::vector<DirEntry> list_directory(FileDescriptor dir) {
  std::vector<DirEntry> entries;
  visit_entries(dir, [&](const dirent& entry) {
    entries.push_back({entry.d_name, type_of(dir, entry)});
    return true;
  });
  return entries;
}

void visit_names(FileDescriptor dir, const std::function<bool(std::string_view)>& visit) {
  visit_entries(dir, [&](const dirent& entry) { return visit(entry.d_name); });
}

bool remove_tree(const PathAt& path) {
  ErrorList failures;
  bool removed = false;
  failures.attempt([&] {
    const auto info = os::try_stat(path);
    removed = info && remove_entry(path, S_ISDIR(info->st_mode), failures);
  });
  // Only a failure is worth the look that it takes to tell where.
  if (!failures.empty()) failures.throw_if_any("Removing " + os::path_of(path));
  return removed;
}

}  // namespace xylem
