#include "repo/keep/extras.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/printable.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr std::uint64_t largest_file = 16ULL * 1024 * 1024;

/// The last flush makes the name of each directory durable, too.
void sync_upwards(FileDescriptor root, std::string path) {
  for (;;) {
    const std::size_t slash = path.rfind('/');
    path = slash == std::string::npos ? "." : path.substr(0, slash);
    os::fsync(os::open_dir({root, path}));
    if (path == ".") return;
  }
}

bool is_of_file_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("._:@+-").find(c) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> Extras::names() const {
  std::vector<std::string> names;
  const UniqueFd dir = os::try_open_dir({repo_.dir(), directory_});
  if (!dir.valid()) return names;
  for (DirEntry& entry : list_directory(dir))
    if (!entry.name.starts_with('.')) names.push_back(std::move(entry.name));
  std::ranges::sort(names);
  return names;
}

bool Extras::has(const std::string& name) const {
  return os::exists({repo_.dir(), path(name)});
}

KeyFile Extras::load(const std::string& name) const try {
  const auto text = os::try_read_file({repo_.dir(), path(name)}, largest_file);
  return text ? KeyFile::parse(*text, path(name)) : KeyFile();
} catch (const Error& error) {
  if (error.kind() != ErrorKind::InvalidArgument) throw;
  throw Error(ErrorKind::Corrupt, error.what(), {.path = repo_.path() + "/" + path(name)});
}

UniqueFd Extras::open_to_edit() const {
  repo_.require_writable();
  UniqueFd dir = os::try_open_dir({repo_.dir(), directory_});
  if (dir.valid()) return dir;
  dir = make_repo_dirs_beneath({repo_.dir(), directory_});
  if (repo_.config().fsync) sync_upwards(repo_.dir(), directory_);
  return dir;
}

void Extras::edit(const std::string& name, const std::function<void(KeyFile&)>& change) {
  const UniqueFd dir = open_to_edit();
  const EditLock lock = EditLock::acquire({dir, "."}, {repo_.config().lock_timeout, {}});
  KeyFile file = load(name);
  const std::string before = file.text();
  change(file);
  if (file.groups().empty()) {
    if (os::unlink({dir, name}) && repo_.config().fsync) os::fsync(dir);
  } else if (file.text() != before) {
    replace_file({dir, name}, as_bytes(file.text()), repo_.config().fsync);
  }
}

bool Extras::remove(const std::string& name) {
  if (!has(name)) return false;
  const UniqueFd dir = open_to_edit();
  const EditLock lock = EditLock::acquire({dir, "."}, {repo_.config().lock_timeout, {}});
  const bool removed = os::unlink({dir, name});
  if (repo_.config().fsync) os::fsync(dir);
  return removed;
}

void require_file_name(std::string_view what, std::string_view name) {
  constexpr std::size_t longest = 100;
  if (name.empty() || name.size() > longest || name.front() == '.' ||
      !std::ranges::all_of(name, is_of_file_name))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("'{}' cannot be the name of {}", printable(name), what))
        .hint("a name has letters, digits and ._:@+-, at most 100, and no dot in front");
}

object::ObjectName parse_object_name(std::string_view text) {
  const std::size_t dot = text.find('.');
  const auto checksum = Checksum::from_hex(text.substr(0, dot));
  const auto type =
      dot == text.npos ? std::nullopt : object::type_from_extension(text.substr(dot + 1));
  if (!checksum || !type)
    throw Error(ErrorKind::InvalidArgument, fmt::format("'{}' names no object", printable(text)))
        .hint("an object is named CHECKSUM.KIND, as `xylem objects list` prints it");
  return {*checksum, *type};
}

void require_own(const Repo& repo, const object::ObjectName& name) {
  if (repo.store().has(name)) return;
  throw Error(ErrorKind::NotFound, fmt::format("No such object: {}", name.text()),
              {.object = name.text(), .path = repo.path()});
}

}  // namespace xylem::repo
