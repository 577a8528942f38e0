#include "repo/refs/ref_file.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Nothing outside of the repository is a ref. Non-blocking, lest a pipe stop us.
UniqueFd try_open(const PathAt& path, int flags) try {
  return os::open_beneath(path, O_RDONLY | O_NONBLOCK | flags);
} catch (Error& error) {
  const int reason = error.details().system_errno;
  if (reason == ENOENT || reason == ENOTDIR) return {};
  if (error.kind() == ErrorKind::InvalidArgument)
    error.hint(
        "refs are not followed out of the repository; move what the symlink leads to back, or "
        "mount it there (mount --bind)");
  throw;
}

[[noreturn]] void throw_corrupt(const PathAt& path, std::string_view why) {
  ErrorDetails details;
  details.path = os::path_of(path);
  details.hint = "remove the file, then pull or commit again";
  throw Error(ErrorKind::Corrupt, fmt::format("{} is not a ref: {}", details.path, why), details);
}

std::string_view without_trailing_space(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n\v\f");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

/// Of a directory below refs/; none if it is not there.
std::vector<DirEntry> sorted_entries(const PathAt& path) {
  const UniqueFd dir = try_open(path, O_DIRECTORY);
  if (!dir.valid()) return {};
  std::vector<DirEntry> entries = list_directory(dir);
  std::erase_if(entries,
                [](const DirEntry& entry) { return !object::is_valid_remote_name(entry.name); });
  std::ranges::sort(entries, {}, &DirEntry::name);
  return entries;
}

/// None of a directory that `on_bad` has been told of.
std::vector<DirEntry> readable_entries(const PathAt& path, const std::string& name,
                                       const BadRefDirHandler& on_bad) try {
  return sorted_entries(path);
} catch (const Error& error) {
  if (!on_bad) throw;
  on_bad(name, error);
  return {};
}

std::string joined(const std::string& dir, const std::string& name) {
  if (dir.empty() || name.empty()) return dir + name;
  return dir + "/" + name;
}

}  // namespace

std::optional<Checksum> read_ref_file(FileDescriptor repo, const std::string& path) {
  constexpr std::size_t more_than_a_ref = 256;
  const UniqueFd fd = try_open({repo, path}, 0);
  if (!fd.valid()) return std::nullopt;
  const mode_t mode = os::stat(fd).st_mode;
  if (S_ISDIR(mode)) return std::nullopt;
  if (!S_ISREG(mode)) throw_corrupt({repo, path}, "it is not a regular file");

  Bytes content(more_than_a_ref);
  content.resize(os::read_at(fd, content, 0));
  const std::string_view text = without_trailing_space(as_text(content));
  if (text.empty()) throw_corrupt({repo, path}, "it is empty");
  const auto checksum = Checksum::from_hex(text);
  if (!checksum)
    throw_corrupt({repo, path},
                  fmt::format("it does not hold a checksum but {}", object::quoted(text)));
  return checksum;
}

std::vector<std::string> list_ref_dirs(FileDescriptor repo, const std::string& path) {
  std::vector<std::string> names;
  for (DirEntry& entry : sorted_entries({repo, path}))
    if (entry.type == DT_DIR) names.push_back(std::move(entry.name));
  return names;
}

void for_each_ref_file(FileDescriptor repo, const std::string& base, const std::string& start,
                       const std::function<void(const std::string&, bool)>& callback,
                       const BadRefDirHandler& on_bad) {
  std::vector<std::string> dirs{start};
  while (!dirs.empty()) {
    const std::string current = std::move(dirs.back());
    dirs.pop_back();
    for (const DirEntry& entry : readable_entries({repo, joined(base, current)}, current, on_bad)) {
      const std::string ref = joined(current, entry.name);
      if (entry.type == DT_DIR)
        dirs.push_back(ref);
      else
        callback(ref, entry.type == DT_LNK);
    }
  }
}

Error as_bad_ref(const Error& error) {
  const bool of_file_system =
      error.kind() == ErrorKind::Io || error.kind() == ErrorKind::InvalidArgument;
  return of_file_system ? Error(ErrorKind::Corrupt, error.what(), error.details()) : error;
}

}  // namespace xylem::repo
