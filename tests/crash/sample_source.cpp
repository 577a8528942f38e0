#include "crash/sample_source.hpp"

#include <unistd.h>

#include <filesystem>
#include <random>

#include "base/os/os.hpp"
#include "repo/repo.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 dice(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(dice());
  return bytes;
}

}  // namespace

SampleSource::SampleSource() : path_(dir_ / "repo") {
  run_ok({"ostree", "--repo=" + path_, "init", "--mode=archive"});
  std::filesystem::create_directories(dir_ / "tree/etc");
  write_file(dir_ / "tree/etc/empty", "");
  write_file(dir_ / "tree/etc/text", "The same in every version.\n");
  os::symlink("etc/text", dir_.at("tree/link"));
}

void SampleSource::commit(const std::string& ref) {
  ++version_;
  write_file(dir_ / "tree/version", "version " + std::to_string(version_) + "\n");
  if (version_ > 1) {
    constexpr std::size_t large = (1U << 20) + 1000;
    write_file(dir_ / "tree/large", noise(large, version_));
  }
  run_ok({"ostree", "--repo=" + path_, "commit", "--branch=" + ref,
          "--tree=dir=" + dir_.path() + "/tree", "--owner-uid=0", "--owner-gid=0", "--no-xattrs",
          "--canonical-permissions",
          "--add-detached-metadata-string=note=" + std::to_string(version_)});
  run_ok({"ostree", "--repo=" + path_, "summary", "--update"});
}

std::string SampleSource::commit_of(const std::string& ref) const {
  return run_ok({"ostree", "--repo=" + path_, "rev-parse", ref});
}

std::vector<repo::Mode> testable_modes() {
  std::vector<repo::Mode> modes = {repo::Mode::Archive, repo::Mode::BareUser,
                                   repo::Mode::BareUserOnly};
  if (::geteuid() == 0) modes.push_back(repo::Mode::Bare);
  return modes;
}

void make_target(const std::string& path, repo::Mode mode, const std::string& url) {
  repo::Repo repo = repo::Repo::create(path, mode);
  repo.set_remote("origin", {{"url", url}, {"gpg-verify", "false"}});
}

}  // namespace xylem::test
