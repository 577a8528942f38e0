#pragma once

/// \file
/// Repositories that the real `ostree` makes, for tests to read, copy and compare with.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "repo/repo.hpp"
#include "repo/transaction/transaction.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

constexpr char sample_ref[] = "os/main";
inline const object::RefSpec main_ref{std::nullopt, sample_ref};

/// All modes that can be written.
inline const std::vector<repo::Mode> writable_modes = {
    repo::Mode::Archive, repo::Mode::Bare, repo::Mode::BareUser, repo::Mode::BareUserOnly};

/// Whether this process can make objects of the mode at all: bare wants root.
bool can_write(repo::Mode mode);

/// Bytes that do not compress, the same in every run.
std::string noise(std::size_t size);

/// A file tree with whatever makes content objects differ: empty, small, compressible, large and
/// setuid files, owners, attributes, symlinks, nested directories. `plain` leaves out what a
/// bare-user-only repository cannot keep.
void make_tree(const std::string& path, bool plain);

/// An archive repository with one commit of such a tree under `sample_ref`, made by `ostree`.
class SampleRepo {
 public:
  explicit SampleRepo(bool plain = false);
  const std::string& path() const { return path_; }
  std::string tree() const { return dir_ / "tree"; }
  repo::Repo open() const { return repo::Repo::open(path_); }

 private:
  TempDir dir_;
  std::string path_;
};

/// The sample that a repository of this mode can hold; made once and shared by all tests.
const SampleRepo& sample_for(repo::Mode mode);

/// The commit of the full sample.
Checksum sample_commit();

/// A new repository at `path`, filled from `source` by `ostree pull-local`.
void pull_with_ostree(const std::string& path, repo::Mode mode, const std::string& source);

/// Passes if `ostree fsck` does.
bool ostree_accepts(const std::string& path);

std::set<object::ObjectName> objects_of(const repo::Repo& repo);
/// Staging directories in tmp/, with or without their locks.
std::vector<std::string> staging_dirs(const repo::Repo& repo);
/// Where an object is in one of them. Valid as long as `repo`.
PathAt staged_path(const repo::Repo& repo, const std::string& staging,
                   const object::ObjectName& name);
/// Bytes of an object's file.
Bytes stored_bytes(const repo::LooseStore& store, const object::ObjectName& name);

/// Sets how many percent of the file system `target` leaves free: no test may depend on that of
/// the machine, where it could be used up for all but root.
void set_reserve(repo::Repo& target, const std::string& percent);

/// A fixture: an empty repository in a directory of its own, for objects to be written to.
struct NewRepo {
  explicit NewRepo(repo::Mode mode = repo::Mode::BareUser)
      : target(repo::Repo::create(dir / "repo", mode)) {}
  TempDir dir;
  repo::Repo target;
};

/// Writes all objects of `source`, an archive, and sets `sample_ref`: what a pull does.
void fill(repo::Transaction& transaction, const repo::Repo& source);

/// Everything below objects/ that stat, readlink, listxattr and read tell, by relative path. The
/// time of metadata and of symlinks is left out: it is when they were written.
std::map<std::string, std::string> describe_objects(const std::string& repo_path);

}  // namespace xylem::test
