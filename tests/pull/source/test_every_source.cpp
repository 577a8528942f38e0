/// The same cases for every source of objects: what a source promises (object_source.hpp) holds
/// wherever the objects come from. A new kind of source is one more line in `kinds`.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <string>

#include "pull/remote/remote_files.hpp"
#include "pull/source/source_factory.hpp"
#include "support/error_kind.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using object::ObjectName;
using object::ObjectType;

namespace {

/// Where a pull takes objects from.
enum class Kind { Server, FileUrl, Repository, CacheBeforeServer };

constexpr Kind kinds[] = {Kind::Server, Kind::FileUrl, Kind::Repository, Kind::CacheBeforeServer};

std::string text_of(Kind kind) {
  switch (kind) {
    case Kind::Server:
      return "a server";
    case Kind::FileUrl:
      return "a file:// URL";
    case Kind::Repository:
      return "a repository";
    case Kind::CacheBeforeServer:
      return "a cache before a server that has nothing";
  }
  return {};
}

/// A repository made by ostree, with one commit of a file, an empty file and a symlink.
class Origin {
 public:
  Origin() {
    test::run_ok({"mkdir", dir_ / "tree"});
    test::write_file(dir_ / "tree/file", std::string_view("content of the file\n"));
    test::write_file(dir_ / "tree/empty", std::string_view());
    test::run_ok({"ln", "-s", "file", dir_ / "tree/link"});
    init(path());
    test::run_ok({"ostree", "commit", "--repo=" + path(), "-b", "os", "--canonical-permissions",
                  "--tree=dir=" + (dir_ / "tree")});
    init(empty_path());
    init(target_path());
  }

  std::string path() const { return dir_ / "origin"; }
  std::string empty_path() const { return dir_ / "empty"; }
  std::string target_path() const { return dir_ / "target"; }

  /// All of its objects of one type.
  std::vector<ObjectName> objects(ObjectType type) const {
    const auto repo = repo::Repo::open(path());
    std::vector<ObjectName> found;
    repo.store().for_each([&](const ObjectName& name) {
      if (name.type == type) found.push_back(name);
    });
    REQUIRE_FALSE(found.empty());
    return found;
  }
  /// Changes the last byte of an object.
  void damage(const ObjectName& name) const {
    const auto repo = repo::Repo::open(path());
    const std::string file = path() + "/objects/" + repo.store().path(name).name;
    Bytes bytes = test::read_file(file);
    bytes.back() = static_cast<std::uint8_t>(~bytes.back());
    test::write_file(file, bytes);
  }

 private:
  static void init(const std::string& path) {
    test::run_ok({"ostree", "init", "--repo=" + path, "--mode=archive"});
  }

  test::TempDir dir_;
};

/// A source of one kind, open in a pull into an empty repository.
class OpenedSource {
 public:
  OpenedSource(Kind kind, const Origin& origin)
      : root_(os::open_dir({FileDescriptor::cwd(), served_path(kind, origin)})),
        server_(root_),
        target_(repo::Repo::open(origin.target_path())),
        transaction_(target_, {.share_staging = true}),
        source_(pull::open_source(options(kind, origin), remote(kind, origin), {}, context_)) {
    if (source_.files) run(source_.files->resolve());
  }

  pull::ObjectSource& objects() { return *source_.objects; }
  repo::Transaction& transaction() { return transaction_; }

  template <typename Result>
  Result run(boost::asio::awaitable<Result> work) {
    std::exception_ptr error;
    std::optional<Result> result;
    boost::asio::co_spawn(io_, std::move(work), [&](std::exception_ptr failure, Result value) {
      error = failure;
      if (!failure) result = std::move(value);
    });
    finish(error);
    return std::move(*result);
  }
  void run(boost::asio::awaitable<void> work) {
    std::exception_ptr error;
    boost::asio::co_spawn(io_, std::move(work),
                          [&](std::exception_ptr failure) { error = failure; });
    finish(error);
  }

 private:
  static std::string served_path(Kind kind, const Origin& origin) {
    return kind == Kind::CacheBeforeServer ? origin.empty_path() : origin.path();
  }
  static PullOptions options(Kind kind, const Origin& origin) {
    PullOptions options;
    options.remote = "origin";
    if (kind == Kind::Repository) options.local_repository = origin.path();
    if (kind == Kind::CacheBeforeServer) options.localcache_repos = {origin.path()};
    options.network_retries = 0;
    return options;
  }
  repo::Remote remote(Kind kind, const Origin& origin) const {
    repo::Remote remote;
    remote.name = "origin";
    remote.url = kind == Kind::FileUrl ? "file://" + origin.path() : server_.url();
    return remote;
  }
  void finish(const std::exception_ptr& error) {
    io_.restart();
    io_.run();
    if (error) std::rethrow_exception(error);
  }

  UniqueFd root_;
  test::FaultServer server_;
  repo::Repo target_;
  repo::Transaction transaction_;
  pull::Counters counters_;
  pull::ObjectSizes sizes_;
  boost::asio::io_context io_{1};
  WorkPool pool_{io_, 2};
  TaskGroup group_{io_.get_executor()};
  const pull::Messages messages_{io_.get_executor(), nullptr};
  pull::PullContext context_{io_.get_executor(), group_, pool_,    transaction_,
                             counters_,          sizes_, messages_};
  pull::OpenSource source_;
};

const ObjectName nowhere_commit{Checksum::parse(std::string(64, 'a')), ObjectType::Commit};

}  // namespace

TEST_CASE("every source: fetched metadata is what its name says") {
  const Kind kind = GENERATE(Kind::Server, Kind::FileUrl, Kind::Repository);
  INFO(text_of(kind));
  const Origin origin;
  const ObjectName commit = origin.objects(ObjectType::Commit).front();
  OpenedSource source(kind, origin);
  const auto bytes = source.run(source.objects().fetch_metadata(commit, 0));
  REQUIRE(bytes);
  CHECK(sha256(*bytes) == commit.checksum);
  CHECK_FALSE(source.transaction().has(commit));
}

TEST_CASE("a cache is not asked for commits: only what they refer to may come from there") {
  const Origin origin;
  OpenedSource source(Kind::CacheBeforeServer, origin);
  const ObjectName commit = origin.objects(ObjectType::Commit).front();
  CHECK_FALSE(source.run(source.objects().fetch_metadata(commit, 0)));
}

TEST_CASE("every source: metadata that is nowhere is no error, but absent") {
  const Kind kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  INFO(text_of(kind));
  const Origin origin;
  OpenedSource source(kind, origin);
  CHECK_FALSE(source.run(source.objects().fetch_metadata(nowhere_commit, 0)));
}

TEST_CASE("every source: metadata larger than the limit is refused") {
  const Kind kind = GENERATE(Kind::Server, Kind::FileUrl, Kind::Repository);
  INFO(text_of(kind));
  const Origin origin;
  const ObjectName commit = origin.objects(ObjectType::Commit).front();
  OpenedSource source(kind, origin);
  CHECK_THROWS_AS(source.run(source.objects().fetch_metadata(commit, 16)), Error);
}

TEST_CASE("every source: what is taken is staged, with its bytes") {
  const Kind kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  INFO(text_of(kind));
  const Origin origin;
  OpenedSource source(kind, origin);
  for (const ObjectType type : {ObjectType::DirTree, ObjectType::DirMeta})
    for (const ObjectName& name : origin.objects(type)) {
      const Bytes bytes = source.run(source.objects().take_metadata(name));
      CHECK(sha256(bytes) == name.checksum);
      CHECK(source.transaction().has(name));
    }
  for (const ObjectName& name : origin.objects(ObjectType::File)) {
    source.run(source.objects().take_content(name.checksum));
    CHECK(source.transaction().has(name));
  }
  CHECK(source.transaction().stats().content_written == 3);
}

TEST_CASE("every source: what cannot be taken is named, and nothing is staged") {
  const Kind kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  INFO(text_of(kind));
  const Origin origin;
  OpenedSource source(kind, origin);
  const auto nowhere = Checksum::parse(std::string(64, 'b'));
  CHECK(error_kind([&] { source.run(source.objects().take_content(nowhere)); }) ==
        ErrorKind::NotFound);
  CHECK(error_kind([&] {
          source.run(source.objects().take_metadata({nowhere, ObjectType::DirTree}));
        }) == ErrorKind::NotFound);
  CHECK_FALSE(source.transaction().has({nowhere, ObjectType::File}));
}

TEST_CASE("every source: damaged objects are never staged") {
  const Kind kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  INFO(text_of(kind));
  const Origin origin;
  const ObjectName file = origin.objects(ObjectType::File).front();
  const ObjectName tree = origin.objects(ObjectType::DirTree).front();
  origin.damage(file);
  origin.damage(tree);
  OpenedSource source(kind, origin);
  CHECK_THROWS_AS(source.run(source.objects().take_content(file.checksum)), Error);
  CHECK_THROWS_AS(source.run(source.objects().take_metadata(tree)), Error);
  CHECK_FALSE(source.transaction().has(file));
  CHECK_FALSE(source.transaction().has(tree));
}
