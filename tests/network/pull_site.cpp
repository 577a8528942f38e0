#include "pull_site.hpp"

#include <filesystem>
#include <stdexcept>

#include "base/os/os.hpp"
#include "pull/session.hpp"
#include "support/process.hpp"
#include "xylem/error.hpp"

namespace xylem::test {

namespace {

/// Compresses badly.
std::string noise(std::size_t size, std::uint64_t seed) {
  std::string text(size, '\0');
  for (char& letter : text) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    letter = static_cast<char>(seed >> 56);
  }
  return text;
}

/// A new repository that does not wait for the disk.
void init_repo(const std::string& path, const std::string& mode = "archive") {
  run_ok({"ostree", "init", "--repo=" + path, "--mode=" + mode});
  run_ok({"ostree", "config", "--repo=" + path, "set", "core.fsync", "false"});
}

void write_tree(const std::string& tree) {
  for (int i = 0; i < 40; ++i) {
    const std::string dir = tree + "/dir" + std::to_string(i % 7);
    std::filesystem::create_directories(dir);
    write_file(dir + "/file" + std::to_string(i),
               noise(static_cast<std::size_t>(i * i * 50), static_cast<std::uint64_t>(i)));
  }
  write_file(tree + "/large", noise(4'000'000, 77));
}

void commit_tree(const std::string& dir, const std::string& second) {
  write_file(dir + "/tree/version", second);
  run_ok({"ostree", "commit", "--repo=" + dir + "/repo", "-b", os_ref,
          "--tree=dir=" + dir + "/tree", "--timestamp=2026-01-01T00:00:" + second + "Z"});
}

/// The first commit, made once.
const TempDir& pristine() {
  static const TempDir dir;
  static const bool made = [] {
    init_repo(dir / "repo");
    write_tree(dir / "tree");
    commit_tree(dir.path(), "01");
    run_ok({"ostree", "summary", "-u", "--repo=" + (dir / "repo")});
    return true;
  }();
  static_cast<void>(made);
  return dir;
}

}  // namespace

SourceRepo::SourceRepo() : path_(dir_ / "repo") {
  run_ok({"cp", "-a", pristine() / "repo", pristine() / "tree", dir_.path()});
  fd_ = os::open_dir({FileDescriptor::cwd(), path_});
}

void SourceRepo::commit() {
  commit_tree(dir_.path(), std::to_string(++newest_));
}

void SourceRepo::update_summary() const {
  run_ok({"ostree", "summary", "-u", "--repo=" + path_});
}

std::string SourceRepo::head() const {
  return run_ok({"ostree", "rev-parse", "--repo=" + path_, os_ref});
}

std::string SourceRepo::largest_object() const {
  std::filesystem::path largest;
  std::uintmax_t size = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_ + "/objects"))
    if (entry.is_regular_file() && entry.file_size() > size) {
      largest = entry.path();
      size = entry.file_size();
    }
  return std::filesystem::relative(largest, path_).string();
}

TargetRepo::TargetRepo(const std::string& url, const std::string& mode) {
  init_repo(path(), mode);
  run_ok({"ostree", "remote", "add", "--repo=" + path(), "--no-gpg-verify", "origin", url});
}

void TargetRepo::configure(const std::string& key, const std::string& value) const {
  run_ok({"ostree", "config", "--repo=" + path(), "set", "--group=remote \"origin\"", key, value});
}

PullResult TargetRepo::pull(PullOptions options) const {
  options.remote = "origin";
  if (options.refs.empty() && !options.mirror) options.refs = {os_ref};
  repo::Repo repo = repo::Repo::open(path());
  return pull::run(repo, options, nullptr, {});
}

Error TargetRepo::failure(PullOptions options) const {
  try {
    pull(std::move(options));
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("the pull did not fail");
}

bool TargetRepo::is_sound(const std::string& commit) const {
  return run({"ostree", "fsck", "-q", "--repo=" + path()}).status == 0 &&
         run_ok({"ostree", "rev-parse", "--repo=" + path(), "origin:" + os_ref}) == commit;
}

PullOptions impatient() {
  PullOptions options;
  options.network_retries = 2;
  options.disable_fsync = true;
  return options;
}

PullOptions impatient_with_silence() {
  PullOptions options = impatient();
  options.network_retries = 20;
  options.low_speed_time_seconds = 1;
  return options;
}

}  // namespace xylem::test
