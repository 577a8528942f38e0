// Commits that want to write where they should not.

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "base/os/os.hpp"
#include "object/dirtree.hpp"
#include "repo/disk/layout.hpp"
#include "repo/refs/refs.hpp"
#include "support/error_kind.hpp"
#include "tree/checkout/checkout.hpp"
#include "tree/diff.hpp"
#include "tree/list.hpp"
#include "tree/sample_tree.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectType;

namespace {

/// Puts objects into a repository that no program of good faith would write.
class Attacker {
 public:
  Attacker() {
    init_repository(path(), "bare-user");
    write_file(dir_ / "file", "harm\n");
    shell(dir_, "mkdir tree; cp file tree/");
    const std::string commit =
        tell(Program::Ostree, path(), {"commit", "-b", "good", "--tree=dir=" + dir_ / "tree"});
    const repo::Repo repo = repo::Repo::open(path());
    good_ = repo.load_commit(Checksum::parse(commit));
    file_ = repo.load_dirtree(good_.root_tree).files.at(0).checksum;
  }

  std::string path() const { return dir_ / "repo"; }
  const TempDir& dir() const { return dir_; }
  const Checksum& file() const { return file_; }
  const Checksum& meta() const { return good_.root_meta; }

  Checksum store(ObjectType type, ByteView bytes) const {
    const object::ObjectName name{sha256(bytes), type};
    const std::string object =
        path() + "/objects/" + repo::layout::loose_object(name, repo::Mode::BareUser);
    os::make_dirs({FileDescriptor::cwd(), object.substr(0, object.rfind('/'))}, 0755);
    write_file(object, bytes);
    return name.checksum;
  }
  Checksum store_tree(const object::DirTree& tree) const {
    return store(ObjectType::DirTree, object::serialize_dirtree(tree));
  }
  Checksum commit(const Checksum& root) const {
    object::Commit bad = good_;
    bad.root_tree = root;
    return store(ObjectType::Commit, object::serialize_commit(bad));
  }

  std::optional<ErrorKind> check_out(const Checksum& commit, tree::CheckoutOptions options) const {
    options.user_mode = true;
    const repo::Repo repo = repo::Repo::open(path());
    return error_kind([&] { tree::checkout(repo, commit, dir_ / "out", options); });
  }

 private:
  TempDir dir_;
  object::Commit good_;
  Checksum file_;
};

}  // namespace

TEST_CASE("names that lead out of the destination are refused") {
  const Attacker attacker;
  for (const std::string name : {"..", ".", "", "a/b", "../escaped", "/escaped"}) {
    CAPTURE(name);
    object::DirTree with_file;
    with_file.files.push_back({name, attacker.file()});
    object::DirTree with_dir;
    with_dir.dirs.push_back({name, attacker.store_tree({}), attacker.meta()});
    for (const object::DirTree& tree : {with_file, with_dir}) {
      const Checksum commit = attacker.commit(attacker.store_tree(tree));
      CHECK(attacker.check_out(commit, {}) == ErrorKind::Corrupt);
      shell(attacker.dir(), "rm -rf out");
      const repo::Repo repo = repo::Repo::open(attacker.path());
      CHECK(error_kind([&] { tree::list(repo, commit, "/", {}, [](const std::string&) {}); }) ==
            ErrorKind::Corrupt);
      CHECK(error_kind([&] { tree::diff(repo, commit, commit, {}); }) == ErrorKind::Corrupt);
    }
  }
  CHECK_FALSE(os::exists(attacker.dir().at("escaped")));
}

TEST_CASE("one name cannot be a symlink and a directory") {
  const Attacker attacker;
  object::DirTree tree;
  tree.files.push_back({"same", attacker.file()});
  tree.dirs.push_back({"same", attacker.store_tree({}), attacker.meta()});
  CHECK(attacker.check_out(attacker.commit(attacker.store_tree(tree)), {}) == ErrorKind::Corrupt);
}

TEST_CASE("a symlink of one commit is not followed for the next") {
  const TempDir dir;
  shell(dir,
        "mkdir outside first second second/way; ln -s ../outside first/way; echo > second/way/f");
  init_repository(dir / "repo", "bare-user");
  for (const std::string name : {"first", "second"})
    tell(Program::Ostree, dir / "repo", {"commit", "-b", name, "--tree=dir=" + dir / name});
  const repo::Repo repo = repo::Repo::open(dir / "repo");
  tree::CheckoutOptions options;
  options.user_mode = true;
  tree::checkout(repo, repo::resolve_rev(repo, "first"), dir / "out", options);
  for (const auto overwrite : {tree::Overwrite::UnionFiles, tree::Overwrite::AddFiles}) {
    options.overwrite = overwrite;
    CHECK(error_kind([&] {
            tree::checkout(repo, repo::resolve_rev(repo, "second"), dir / "out", options);
          }) == ErrorKind::Io);
  }
  CHECK_FALSE(os::exists(dir.at("outside/f")));
}

TEST_CASE("a whiteout cannot remove the directory above") {
  const Attacker attacker;
  tree::CheckoutOptions options;
  options.whiteouts = true;
  options.overwrite = tree::Overwrite::UnionFiles;
  for (const std::string name : {".wh..", ".wh...", ".wh."}) {
    CAPTURE(name);
    object::DirTree inner;
    inner.files.push_back({name, attacker.file()});
    object::DirTree outer;
    outer.dirs.push_back({"dir", attacker.store_tree(inner), attacker.meta()});
    shell(attacker.dir(), "mkdir -p out; echo > out/kept");
    CHECK(attacker.check_out(attacker.commit(attacker.store_tree(outer)), options) ==
          ErrorKind::InvalidArgument);
    CHECK(os::exists(attacker.dir().at("out/kept")));
  }
}

TEST_CASE("trees nested without end are refused, not followed") {
  const Attacker attacker;
  Checksum tree = attacker.store_tree({});
  for (unsigned depth = 0; depth < tree::max_depth + 10; ++depth) {
    object::DirTree outer;
    outer.dirs.push_back({"d", tree, attacker.meta()});
    tree = attacker.store_tree(outer);
  }
  const Checksum commit = attacker.commit(tree);
  const repo::Repo repo = repo::Repo::open(attacker.path());
  tree::ListOptions recursive;
  recursive.recursive = true;
  CHECK(error_kind([&] { tree::list(repo, commit, "/", recursive, [](const std::string&) {}); }) ==
        ErrorKind::Corrupt);
  // Either limit will do: ours, or that of open files.
  CHECK(attacker.check_out(commit, {}).has_value());
}

TEST_CASE("content that its object does not have is noticed") {
  const Attacker attacker;
  object::DirTree tree;
  tree.files.push_back({"missing", Checksum()});
  CHECK(attacker.check_out(attacker.commit(attacker.store_tree(tree)), {}) == ErrorKind::NotFound);
}
