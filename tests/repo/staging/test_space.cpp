#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/memory_mount.hpp"
#include "repo/sample.hpp"
#include "repo/staging/space.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::test;
using repo::MinFreeSpace;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

void write_file_of(Transaction& transaction, std::size_t size) {
  object::FileHeader header;
  header.mode = S_IFREG | 0644;
  const Bytes bytes(size, 'x');
  MemorySource content(bytes);
  transaction.ingest().write_content(std::nullopt, header, size, content);
}

std::optional<Error> error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("the reserve is a share of all blocks, or a size") {
  const os::SpaceLeft space{4096, 1000, 500, 400};
  MinFreeSpace reserve;
  reserve.percent = 3;
  CHECK(usable_blocks(space, reserve, true) == 470);
  CHECK(usable_blocks(space, reserve, false) == 370);
  reserve.percent = 0;
  CHECK(usable_blocks(space, reserve, true) == 500);
  reserve.percent = 99;
  CHECK(usable_blocks(space, reserve, true) == 0);
  reserve.bytes = 4096 * 100;
  CHECK(usable_blocks(space, reserve, true) == 400);
  reserve.bytes = ~std::uint64_t{0};
  CHECK(usable_blocks(space, reserve, true) == 0);
  CHECK(usable_blocks({4096, 0, 0, 0}, MinFreeSpace(), true) == 0);
}

TEST_CASE("a budget that is taken in part and given back is whole again") {
  const TempDir dir;
  const os::SpaceLeft space = os::space_left(dir.fd());
  MinFreeSpace reserve;
  const std::uint64_t mine = 1000 * space.block_size;
  const std::uint64_t free =
      (::geteuid() == 0 ? space.blocks_free : space.blocks_available) * space.block_size;
  if (free < 4 * mine) return;
  reserve.bytes = free - mine;
  repo::SpaceBudget budget(dir.fd(), reserve);
  // Others use the file system, too: only the outer bounds are certain.
  const std::uint64_t much = 100'000 * space.block_size;
  CHECK(error_kind([&] { budget.take(much); }) == ErrorKind::NoSpace);
  CHECK(error_kind([&] { budget.take(~std::uint64_t{0}); }) == ErrorKind::NoSpace);
}

TEST_CASE("without a reserve the budget has no end") {
  const TempDir dir;
  MinFreeSpace nothing;
  nothing.percent = 0;
  repo::SpaceBudget budget(dir.fd(), nothing);
  CHECK_NOTHROW(budget.take(std::uint64_t{1} << 50));
}

TEST_CASE("a full file system and a used-up reserve are told apart from other failures") {
  const TempDir dir;
  const MemoryMount mount(dir / "small", "4m");
  if (!mount.mounted()) {
    WARN("skipped: only root can mount a file system");
    return;
  }
  Repo target = Repo::create(dir / "small/repo", Mode::BareUserOnly);

  SECTION("the reserve stops a file that is too large") {
    set_reserve(target, "50");
    Transaction transaction(target);
    const auto error = error_of([&] { write_file_of(transaction, 3 << 20); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::NoSpace);
    CHECK(error->details().needed_bytes.value() >= 3U << 20);
    CHECK(error->details().available_bytes.value() < 3U << 20);
    CHECK(error->details().path.find("small/repo") != std::string::npos);
    CHECK_FALSE(error->details().hint.empty());
    // What failed was given back.
    CHECK_NOTHROW(write_file_of(transaction, 1 << 19));
    transaction.commit();
  }

  SECTION("the same object again costs nothing") {
    set_reserve(target, "50");
    Transaction transaction(target);
    for (int i = 0; i < 10; ++i) CHECK_NOTHROW(write_file_of(transaction, 1 << 19));
    transaction.commit();
    CHECK(objects_of(target).size() == 1);
  }

  SECTION("without a reserve the file system is full at some time") {
    set_reserve(target, "0");
    {
      Transaction transaction(target);
      const auto error = error_of([&] { write_file_of(transaction, 6 << 20); });
      REQUIRE(error);
      CHECK(error->kind() == ErrorKind::NoSpace);
      CHECK_FALSE(error->details().path.empty());
      CHECK_FALSE(error->details().hint.empty());
    }
    CHECK(ostree_accepts(dir / "small/repo"));
    Transaction transaction(target);
    CHECK_NOTHROW(write_file_of(transaction, 1 << 20));
    transaction.commit();
    CHECK(objects_of(target).size() == 1);
  }

  SECTION("metadata meets a full file system, too") {
    set_reserve(target, "0");
    write_file(dir / "small/filler", "");
    const UniqueFd filler = os::open({FileDescriptor::cwd(), dir / "small/filler"}, O_WRONLY);
    Transaction transaction(target);
    CHECK(error_kind([&] { os::write_all(filler, Bytes(8U << 20)); }) == ErrorKind::NoSpace);
    object::DirMeta meta;
    meta.mode = S_IFDIR | 0755;
    const auto error = error_of([&] {
      transaction.ingest().write_metadata(object::ObjectType::DirMeta,
                                          object::serialize_dirmeta(meta));
    });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::NoSpace);
    CHECK(error->details().needed_bytes == object::serialize_dirmeta(meta).size());
    CHECK(error->details().available_bytes == 0U);
    CHECK(error->details().path.find("small/repo") != std::string::npos);
    os::truncate(filler, 0);
    CHECK_NOTHROW(transaction.ingest().write_metadata(object::ObjectType::DirMeta,
                                                      object::serialize_dirmeta(meta)));
    transaction.commit();
    CHECK(objects_of(target).size() == 1);
  }
}
