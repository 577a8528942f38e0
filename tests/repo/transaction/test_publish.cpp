#include <fmt/format.h>
#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "base/os/os_observer.hpp"
#include "object/dirtree.hpp"
#include "repo/sample.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

/// Counts renames of whole directories of objects, and of single objects.
class Renames : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    const long result = real();
    if (call.operation != os::Operation::Rename || result != 0) return result;
    if (os::path_of(call.path->dir).ends_with("/objects"))
      ++(call.path->name.size() == 2 ? directories : objects);
    return result;
  }
  int directories = 0;
  int objects = 0;
};

void publish_sample(Repo& target) {
  Transaction transaction(target);
  fill(transaction, sample_for(Mode::BareUser).open());
  transaction.commit();
}

std::string prefix_of(const ObjectName& name) {
  return name.checksum.hex().substr(0, 2);
}

Bytes dirmeta_of(std::uint32_t uid) {
  return object::serialize_dirmeta({uid, 0, S_IFDIR | 0755, {}});
}

/// A directory's metadata that is stored beside `other`.
Bytes neighbour_of(const ObjectName& other) {
  std::uint32_t uid = 1000;
  while (prefix_of({sha256(dirmeta_of(uid)), ObjectType::DirMeta}) != prefix_of(other)) ++uid;
  return dirmeta_of(uid);
}

}  // namespace

TEST_CASE_METHOD(NewRepo, "a new repository gets whole directories, an older one single objects") {
  Renames renames;
  const os::ObserverScope scope(renames);
  SECTION("new") {
    publish_sample(target);
    CHECK(renames.directories > 0);
    CHECK(renames.objects <= 2);  // the commit, and what stands beside it
  }
  SECTION("older") {
    for (int prefix = 0; prefix < 256; ++prefix)
      os::make_dir({target.store().dir(), fmt::format("{:02x}", prefix)}, 0777);
    publish_sample(target);
    CHECK(renames.directories == 0);
    CHECK(renames.objects == static_cast<int>(objects_of(target).size()));
  }
  CHECK(objects_of(target) == objects_of(sample_for(Mode::BareUser).open()));
  CHECK(ostree_accepts(dir / "repo"));
}

TEST_CASE_METHOD(NewRepo, "good left-overs beside an object come along") {
  auto wanted = objects_of(sample_for(Mode::BareUser).open());
  const Bytes left_over = neighbour_of(*wanted.begin());
  {
    Transaction aborted(target);
    wanted.insert({aborted.ingest().write_metadata(ObjectType::DirMeta, left_over).checksum,
                   ObjectType::DirMeta});
  }
  publish_sample(target);
  CHECK(objects_of(target) == wanted);
}

TEST_CASE_METHOD(NewRepo,
                 "of a staging directory that somebody meddled with nothing false is published") {
  const auto wanted = objects_of(sample_for(Mode::BareUser).open());
  Transaction transaction(target);
  fill(transaction, sample_for(Mode::BareUser).open());
  const std::string staging = staging_dirs(target).at(0);
  SECTION("an object is gone") {
    os::unlink(staged_path(target, staging, *wanted.begin()));
    CHECK_THROWS_AS(transaction.commit(), Error);
    for (const ObjectName& name : objects_of(target)) CHECK(name.type != ObjectType::Commit);
  }
  SECTION("there is one more") {
    const Bytes foreign = neighbour_of(*wanted.begin());
    const ObjectName name{sha256(foreign), ObjectType::DirMeta};
    test::write_file(os::path_of(staged_path(target, staging, name)), "not checked");
    transaction.commit();
    CHECK(objects_of(target) == wanted);
  }
}

TEST_CASE_METHOD(NewRepo, "a group that shares objects/ shares the new directories in it") {
  os::set_mode(target.store().dir(), 02775);
  publish_sample(target);
  for (const DirEntry& entry : list_directory(target.store().dir()))
    CHECK((os::try_stat({target.store().dir(), entry.name})->st_mode & S_ISGID) != 0);
}
