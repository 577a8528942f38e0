// Pulls into a repository that has the files already, and no complete commit that tells so.

#include <catch2/catch.hpp>
#include <future>

#include "base/os/os.hpp"
#include "pull/session.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "support/many_files.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using object::ObjectName;
using object::ObjectType;

namespace {

/// The client is a copy of the source without its commit.
class Site {
 public:
  Site() {
    test::copy_many_files_repo(client_path());
    repo::Repo client = repo::Repo::open(client_path());
    client.set_remote("origin",
                      {{"url", "file://" + test::many_files_repo()}, {"gpg-verify", "false"}});
    client.store().remove(
        {repo::find_ref(client, object::RefSpec{std::nullopt, test::many_files_ref}).value(),
         ObjectType::Commit});
    os::unlink({client.dir(), std::string("refs/heads/") + test::many_files_ref});
  }

  PullResult pull() const {
    PullOptions options;
    options.remote = "origin";
    options.refs = {test::many_files_ref};
    repo::Repo client = repo::Repo::open(client_path());
    return pull::run(client, options, nullptr, {});
  }
  /// Removes every so many-th file of the client; how many there were.
  std::uint64_t remove_files(std::size_t step) const {
    const repo::Repo client = repo::Repo::open(client_path());
    std::vector<ObjectName> names;
    client.store().for_each([&](const ObjectName& name) {
      if (name.type == ObjectType::File) names.push_back(name);
    });
    std::uint64_t removed = 0;
    for (std::size_t i = 0; i < names.size(); i += step) removed += client.store().remove(names[i]);
    return removed;
  }
  void check_client() const {
    test::run_ok({"ostree", "fsck", "-q", "--repo=" + client_path()});
    CHECK(repo::find_ref(repo::Repo::open(client_path()),
                         object::RefSpec{"origin", test::many_files_ref}));
  }

 private:
  std::string client_path() const { return dir_ / "client"; }

  test::TempDir dir_;
};

}  // namespace

TEST_CASE("files that are here are not looked at one by one") {
  const Site site;
  {
    test::LookCounter counter;
    const os::ObserverScope scope(counter);
    CHECK(site.pull().content_imported == 0);
    CHECK(counter.looks() < test::many_files / 2);
  }
  site.check_client();
}

TEST_CASE("files that are missing among many are fetched") {
  const Site site;
  const std::uint64_t removed = site.remove_files(100);
  const PullResult result = site.pull();
  CHECK(result.content_imported + result.content_fetched == removed);
  site.check_client();
}

TEST_CASE("two pulls at once complete a repository that has most files") {
  const Site site;
  site.remove_files(10);
  auto other = std::async(std::launch::async, [&] { return site.pull(); });
  site.pull();
  other.get();
  site.check_client();
}
