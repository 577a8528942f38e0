#include "delta/apply/part_executor.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "delta/memory_store.hpp"
#include "delta/sample_parts.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;
using object::FileHeader;
using test::execute;
using test::link_header;
using test::MemoryStore;
using test::message_of;
using test::old_text;
using test::PartBuilder;
using test::regular;

TEST_CASE("a source that is not here is named") {
  MemoryStore store;
  const Checksum gone = test::checksum_of(regular, as_bytes("gone"));
  PartBuilder part;
  const Checksum made = test::checksum_of(regular, as_bytes("on"));
  part.list_file(made).read_from(gone).open(regular, 2).add(Write{{1, 2}}).add(CloseFile{});
  CHECK(error_kind([&] { execute(part, store); }) == ErrorKind::NotFound);
  CHECK(message_of(part, store).find(gone.hex()) != std::string::npos);
  const Checksum link = test::checksum_of(link_header, {});
  PartBuilder of_link;
  of_link.list_file(made).read_from(link).open(regular, 2).add(Write{{1, 2}}).add(CloseFile{});
  of_link.splice(link_header, as_bytes(link_header.symlink_target));
  CHECK(error_kind([&] { execute(of_link, store); }) == ErrorKind::NotFound);
}

TEST_CASE("a source that is damaged is told apart from a bad delta") {
  MemoryStore store;
  const Checksum old = store.add(regular, as_bytes(old_text));
  const Checksum innocent = store.add(regular, as_bytes("innocent"));
  PartBuilder part;
  const Checksum made = test::checksum_of(regular, as_bytes("012inn"));
  part.list_file(made).open(regular, 6).read_from(old).add(Write{{0, 3}});
  part.read_from(innocent).add(Write{{0, 3}}).add(CloseFile{});
  store.damage(old);
  try {
    execute(part, store);
    FAIL("a file was made of a damaged one");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Corrupt);
    CHECK(error.details().object == old.hex() + ".file");
    CHECK(std::string_view(error.what()).find("is damaged") != std::string_view::npos);
  }
}

TEST_CASE("an execution can be cancelled") {
  MemoryStore store;
  PartBuilder part;
  part.splice(regular, as_bytes("content"));
  const Bytes bytes = part.payload();
  const CancelSource cancel;
  cancel.cancel();
  CHECK(error_kind([&] {
          execute_part(part.header(), RandomMemory(bytes), store, cancel.token());
        }) == ErrorKind::Cancelled);
}

TEST_CASE("files of many pieces are read in whatever steps the store likes") {
  MemoryStore store;
  Bytes old(300'000);
  for (std::size_t i = 0; i < old.size(); ++i) old[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  const Checksum source = store.add(regular, old);
  Bytes expected;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Stretch piece{i * 977 % 299'000, i % 900};
    const auto first = old.begin() + static_cast<std::ptrdiff_t>(piece.offset);
    expected.insert(expected.end(), first, first + static_cast<std::ptrdiff_t>(piece.size));
  }
  const Checksum made = test::checksum_of(regular, expected);
  PartBuilder part;
  part.list_file(made).read_from(source).open(regular, expected.size());
  for (std::uint64_t i = 0; i < 1000; ++i) part.add(Write{{i * 977 % 299'000, i % 900}});
  part.add(CloseFile{});
  CHECK(execute(part, store) == PartOutcome{1, 0});
}
