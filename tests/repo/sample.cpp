#include "repo/sample.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "base/codec/sha256.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/layout.hpp"
#include "support/process.hpp"

namespace xylem::test {

using object::ObjectName;
using object::ObjectType;
using repo::Mode;

namespace fs = std::filesystem;

namespace {

void set_xattr(const std::string& path, const char* name, std::string_view value) {
  if (::lsetxattr(path.c_str(), name, value.data(), value.size(), 0) != 0)
    throw std::runtime_error("cannot set an attribute of " + path);
}

/// What only bare, bare-user and archive keep; some of it only root can make.
void add_special_files(const std::string& path) {
  write_file(path + "/setuid", "#!/bin/true\n", 04755);
  write_file(path + "/sticky", "sticky\n", 01644);
  write_file(path + "/unreadable", "for nobody\n", 0000);
  write_file(path + "/attributes", "with attributes\n");
  set_xattr(path + "/attributes", "user.zebra", "last");
  set_xattr(path + "/attributes", "user.apple", "first");
  set_xattr(path + "/attributes", "user.empty", "");
  if (::geteuid() != 0) return;
  write_file(path + "/foreign", "owned by somebody else\n", 0640);
  fs::create_symlink("setuid", path + "/foreign-link");
  if (::lchown((path + "/foreign").c_str(), 1234, 4321) != 0 ||
      ::lchown((path + "/foreign-link").c_str(), 1234, 4321) != 0)
    throw std::runtime_error("cannot change an owner");
  set_xattr(path + "/foreign-link", "trusted.link", "a link has one, too");
}

std::string hex_of(ByteView bytes) {
  return sha256(bytes).hex();
}

std::string describe_xattrs(const PathAt& path) {
  std::map<std::string, std::string> sorted;
  for (const os::ExtendedAttribute& attribute : os::list_xattrs(path))
    sorted[attribute.name] = hex_of(attribute.value);
  std::string text;
  for (const auto& [name, value] : sorted) text += fmt::format(" {}={}", name, value);
  return text;
}

std::string describe(const PathAt& path) {
  const struct stat info = *os::try_stat(path);
  std::string text = fmt::format("mode {:o} owner {}:{}", info.st_mode, info.st_uid, info.st_gid);
  text += describe_xattrs(path);
  if (S_ISLNK(info.st_mode)) return text + " -> " + os::read_link(path);
  if (path.name.ends_with(".file")) text += fmt::format(" time {}", info.st_mtime);
  return text + " content " + hex_of(*os::try_read_file(path, 1U << 30));
}

}  // namespace

bool can_write(Mode mode) {
  return mode != Mode::Bare || ::geteuid() == 0;
}

std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 12345;
  for (char& byte : text) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24);
  }
  return text;
}

void make_tree(const std::string& path, bool plain) {
  fs::create_directories(path + "/usr/lib/deep/er");
  fs::create_directories(path + "/empty-dir");
  write_file(path + "/empty", "");
  write_file(path + "/small", "hello\n");
  write_file(path + "/program", "#!/bin/sh\n", 0755);
  write_file(path + "/group-writable", "g\n", 0664);
  write_file(path + "/usr/zeros", std::string(100'000, '\0'));
  write_file(path + "/usr/noise", noise(300'000));
  write_file(path + "/usr/lib/large", noise(3'000'000) + std::string(3'000'000, 'x'));
  write_file(path + "/usr/lib/deep/er/same", "hello\n");
  write_file(path + "/usr/lib/deep/n\xc3\xa4me", "not ASCII\n");
  fs::create_symlink("small", path + "/link");
  fs::create_symlink("/nowhere/" + std::string(200, 'n'), path + "/usr/dangling");
  if (!plain) add_special_files(path);
}

SampleRepo::SampleRepo(bool plain) : path_(dir_ / "repo") {
  make_tree(tree(), plain);
  run_ok({"ostree", "init", "--repo=" + path_, "--mode=archive"});
  std::vector<std::string> commit = {"ostree",
                                     "commit",
                                     "--repo=" + path_,
                                     std::string("--branch=") + sample_ref,
                                     "--timestamp=@1700000000",
                                     "--tree=dir=" + tree()};
  if (plain) commit.insert(commit.end(), {"--canonical-permissions", "--no-xattrs"});
  run_ok(commit);
}

const SampleRepo& sample_for(Mode mode) {
  static const SampleRepo full(false);
  static const SampleRepo plain(true);
  return mode == Mode::BareUserOnly ? plain : full;
}

Checksum sample_commit() {
  return repo::find_ref(sample_for(Mode::Archive).open(), main_ref).value();
}

void pull_with_ostree(const std::string& path, Mode mode, const std::string& source) {
  run_ok({"ostree", "init", "--repo=" + path, "--mode=" + std::string(repo::config_name(mode))});
  run_ok({"ostree", "pull-local", "--repo=" + path, source, sample_ref});
}

bool ostree_accepts(const std::string& path) {
  return run({"ostree", "fsck", "--quiet", "--repo=" + path}).status == 0;
}

std::vector<std::string> staging_dirs(const repo::Repo& repo) {
  std::vector<std::string> names;
  for (const DirEntry& entry : list_directory(repo.tmp()))
    if (entry.name.starts_with(repo::layout::any_staging_prefix) && !entry.name.ends_with("-lock"))
      names.push_back(entry.name);
  return names;
}

PathAt staged_path(const repo::Repo& repo, const std::string& staging, const ObjectName& name) {
  return {repo.tmp(), staging + "/" + repo::layout::loose_object(name, repo.mode())};
}

std::set<ObjectName> objects_of(const repo::Repo& repo) {
  std::set<ObjectName> names;
  repo.store().for_each([&](const ObjectName& name) { names.insert(name); });
  return names;
}

Bytes stored_bytes(const repo::LooseStore& store, const ObjectName& name) {
  return os::try_read_file(store.path(name), 1U << 30).value();
}

void set_reserve(repo::Repo& target, const std::string& percent) {
  target.edit_config(
      [&](repo::KeyFile& config) { config.set("core", "min-free-space-percent", percent); });
}

void fill(repo::Transaction& transaction, const repo::Repo& source) {
  for (const ObjectName& name : objects_of(source)) {
    const Bytes bytes = stored_bytes(source.store(), name);
    if (name.type == ObjectType::File)
      transaction.ingest().add_filez(name.checksum, bytes);
    else
      transaction.ingest().write_metadata(name, bytes);
  }
  transaction.set_ref(main_ref, repo::find_ref(source, main_ref));
}

std::map<std::string, std::string> describe_objects(const std::string& repo_path) {
  std::map<std::string, std::string> descriptions;
  const std::string root = repo_path + "/objects";
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_symlink() || entry.is_regular_file())
      descriptions[fs::path(entry.path()).lexically_relative(root)] =
          describe({FileDescriptor::cwd(), entry.path()});
  return descriptions;
}

}  // namespace xylem::test
