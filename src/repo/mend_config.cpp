#include "repo/mend_config.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "repo/config/config_file.hpp"
#include "repo/config/libostree_keys.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

std::optional<Repo> try_open(const std::string& path) try {
  return Repo::open(path);
} catch (const Error& error) {
  log_debug("It is mended without being opened: {}", error.what());
  return std::nullopt;
}

UniqueFd open_to_mend(const std::string& path) {
  UniqueFd dir = os::try_open_dir({FileDescriptor::cwd(), path});
  if (dir.valid()) return dir;
  throw Error(ErrorKind::NotFound, fmt::format("{} is not a repository: it is no directory", path),
              {.path = path, .hint = "check the path"});
}

KeyFile load_from(FileDescriptor dir, const std::string& path) {
  auto file = read_config_file(dir, path);
  if (file) return std::move(*file);
  throw Error(
      ErrorKind::NotFound, fmt::format("{} is not a repository: it has no config", path),
      {.path = path,
       .hint = fmt::format("check the path, or make one with `xylem init --repo={}`", path)});
}

/// Throws if the change would keep any repository from opening.
void check_alone(const ConfigChange& change) {
  KeyFile sound;
  sound.set("core", "repo_version", "1");
  sound.set("core", "mode", "bare");
  change(sound);
  const Config config = parse_config(sound);
  require_for_libostree(sound, {});
  if (config.parent) Repo::open(*config.parent);
}

}  // namespace

KeyFile load_config_of(const std::string& path) {
  return load_from(open_to_mend(path), path);
}

void mend_config(const std::string& path, const ConfigChange& change) {
  if (auto repo = try_open(path)) return repo->edit_config(change);
  const UniqueFd dir = open_to_mend(path);
  const EditLock lock = EditLock::acquire(dir, Edited::Config, {std::chrono::seconds(300), {}});
  KeyFile file = load_from(dir, path);
  const std::string before = file.text();
  change(file);
  if (file.text() == before) return;
  check_alone(change);
  write_config_file(dir, file);
  try {
    Repo::open(path);
  } catch (const Error& error) {
    log_warning("The repository still does not open: {}", error.what());
  }
}

}  // namespace xylem::repo
