#include "cli/commands/interposition.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <array>
#include <string_view>

#include "base/bytes.hpp"
#include "base/glib.hpp"
#include "base/os/os.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/replace_file.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

/// The first by name: of two libraries with one name the loader takes that of the first directory.
constexpr char entry_name[] = "/etc/ld.so.conf.d/00-xylem.conf";
constexpr char switch_off_name[] = "/etc/xylem/interpose-off";
constexpr char library_dir[] = XYLEM_INTERPOSE_DIR;
constexpr std::array libraries{"libostree-1.so.1", "libxylem-ostree.so"};

PathAt at(const std::string& path) {
  return {FileDescriptor::cwd(), path};
}

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

[[noreturn]] void throw_no_loader_cache(const std::string& why) {
  throw Error(ErrorKind::Io, fmt::format("Cannot make the loader's cache anew: {}", why))
      .hint("run `ldconfig` as root; until then programs load what they loaded before");
}

}  // namespace

std::string Interposition::entry_path() const {
  return sysroot_ + entry_name;
}

std::string Interposition::path_of_library() const {
  return fmt::format("{}{}/{}", sysroot_, library_dir, libraries.front());
}

bool Interposition::is_enabled() const {
  return os::exists(at(entry_path()));
}

bool Interposition::is_switched_off() const {
  return os::exists(at(sysroot_ + switch_off_name));
}

void Interposition::require_ours(const std::string& path) const {
  const auto inode = os::try_stat(at(path));
  if (!inode)
    throw Error(ErrorKind::NotFound, fmt::format("{} is not installed", path), {.path = path})
        .hint("install the package xylem-libostree");
  if (repo::only_keepers_write(*inode, repo::only_us())) return;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("{} can be changed by others than root, and every program that uses "
                          "libostree would load it",
                          path),
              {.path = path})
      .hint(fmt::format("`chown root:root {0}` and `chmod go-w {0}`, or install the package again",
                        path));
}

void Interposition::require_safe_library() const {
  for (const char* library : libraries)
    require_ours(fmt::format("{}{}/{}", sysroot_, library_dir, library));
  // Whoever may rename a directory on the way puts another library there.
  for (std::string dir = library_dir; !dir.empty(); dir = parent_of(dir))
    require_ours(sysroot_ + dir);
}

void Interposition::refresh_loader_cache() const {
  std::string program = "/sbin/ldconfig";
  std::string option = "-r";
  std::string root = sysroot_;
  std::array<char*, 4> words{program.data(), sysroot_.empty() ? nullptr : option.data(),
                             root.data(), nullptr};
  GError* failure = nullptr;
  int status = 0;
  g_spawn_sync(nullptr, words.data(), nullptr, G_SPAWN_DEFAULT, nullptr, nullptr, nullptr, nullptr,
               &status, &failure);
  if (failure == nullptr) g_spawn_check_wait_status(status, &failure);
  const GErrorPtr owned(failure);
  if (owned) throw_no_loader_cache(owned->message);
}

void Interposition::enable() const {
  require_safe_library();
  const std::string text = fmt::format(
      "# Written by `xylem interpose enable`; `xylem interpose disable` removes it.\n{}\n",
      library_dir);
  os::make_dirs(at(parent_of(entry_path())), 0755);
  repo::replace_file(at(entry_path()), as_bytes(text));
  refresh_loader_cache();
}

bool Interposition::disable() const {
  if (!os::unlink(at(entry_path()))) return false;
  refresh_loader_cache();
  return true;
}

}  // namespace xylem::cli
