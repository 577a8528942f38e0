#include "delta/apply/part_executor.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "delta/format/bsdiff.hpp"
#include "delta/memory_store.hpp"
#include "delta/sample_parts.hpp"
#include "object/dirtree.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;
using object::FileHeader;
using object::ObjectType;
using test::execute;
using test::link_header;
using test::MemoryStore;
using test::message_of;
using test::old_text;
using test::PartBuilder;
using test::regular;

namespace {

Bytes sample_dirtree() {
  return object::serialize_dirtree({.files = {{"name", Checksum()}}, .dirs = {}});
}

/// All of the old file, with an `X` before it.
Bytes sample_patch() {
  Bytes patch;
  append_bsdiff_record(patch, {0, 1, 0});
  patch.push_back('X');
  append_bsdiff_record(patch, {old_text.size(), 0, 0});
  patch.resize(patch.size() + old_text.size());
  return patch;
}

}  // namespace

TEST_CASE("objects of every type are spliced out of the blob") {
  PartBuilder part;
  const Bytes dirtree = sample_dirtree();
  const Checksum tree = part.splice_metadata(ObjectType::DirTree, dirtree);
  const Checksum file = part.splice(regular, as_bytes("content"));
  const Checksum empty = part.splice(regular, {});
  const Checksum link = part.splice(link_header, as_bytes(link_header.symlink_target));
  MemoryStore store;
  CHECK(execute(part, store) == PartOutcome{4, 0});
  CHECK(store.has({tree, ObjectType::DirTree}));
  CHECK(as_text(store.file(file).content) == "content");
  CHECK(store.file(file).header == regular);
  CHECK(store.file(empty).content.empty());
  CHECK(store.file(link).header == link_header);
}

TEST_CASE("a file is put together from the blob and from other files") {
  MemoryStore store;
  const Checksum old = store.add(regular, as_bytes(old_text));
  PartBuilder part;
  const Checksum made = test::checksum_of(regular, as_bytes("xy345678zzefg"));
  part.list_file(made).open(regular, 13).add(Write{part.blob(as_bytes("xy"))});
  part.read_from(old).add(Write{{3, 4}}).add(Write{{7, 2}}).add(UnsetReadSource{});
  part.add(Write{part.blob(as_bytes("zz"))}).read_from(old).add(Write{{14, 3}}).add(CloseFile{});
  CHECK(execute(part, store) == PartOutcome{1, 0});
  CHECK(as_text(store.file(made).content) == "xy345678zzefg");
}

TEST_CASE("a file is made of another by a patch, and may be read from at once") {
  MemoryStore store;
  const Checksum old = store.add(regular, as_bytes(old_text));
  const std::string text = "X" + std::string(old_text);
  PartBuilder part;
  const Checksum made = test::checksum_of(regular, as_bytes(text));
  part.list_file(made).read_from(old).open(regular, text.size()).patch(sample_patch());
  part.add(CloseFile{}).add(UnsetReadSource{});
  const Checksum second = test::checksum_of(regular, as_bytes("X0"));
  part.list_file(second).open(regular, 2).read_from(made).add(Write{{0, 2}}).add(CloseFile{});
  CHECK(execute(part, store) == PartOutcome{2, 0});
  CHECK(as_text(store.file(made).content) == text);
  CHECK(as_text(store.file(second).content) == "X0");
}

TEST_CASE("what is here already is neither made nor read from") {
  MemoryStore store;
  PartBuilder part;
  const Checksum gone = test::checksum_of(regular, as_bytes("gone"));
  const Checksum patched = store.add(regular, as_bytes("patched"));
  const Checksum written = store.add(regular, as_bytes("written"));
  part.list_file(patched).read_from(gone).open(regular, 7).patch({}).add(CloseFile{});
  part.list_file(written).open(regular, 7).read_from(gone).add(Write{{1000, 7}}).add(CloseFile{});
  const Checksum spliced = part.splice(regular, as_bytes("spliced"));
  store.add(regular, as_bytes("spliced"));
  const Checksum last = part.splice(regular, as_bytes("new"));
  CHECK(execute(part, store) == PartOutcome{1, 3});
  CHECK(store.has({spliced, ObjectType::File}));
  CHECK(as_text(store.file(last).content) == "new");
}

TEST_CASE("a part that makes nothing is fine") {
  MemoryStore store;
  CHECK(execute(PartBuilder(), store) == PartOutcome{0, 0});
  CHECK(execute(PartBuilder().add(UnsetReadSource{}), store) == PartOutcome{0, 0});
}

TEST_CASE("what was made before a bad operation stays") {
  MemoryStore store;
  PartBuilder part;
  const Checksum good = part.splice(regular, as_bytes("good"));
  part.add_raw(as_bytes("?"));
  CHECK(error_kind([&] { execute(part, store); }) == ErrorKind::Corrupt);
  CHECK(store.has({good, ObjectType::File}));
  CHECK(message_of(part, store).starts_with("Operation 2: "));
}

TEST_CASE("operations that make no sense are refused, and nothing is kept of their object") {
  MemoryStore store;
  const Checksum old = store.add(regular, as_bytes(old_text));
  const Checksum wanted = test::checksum_of(regular, as_bytes("abc"));
  const std::size_t before = store.size();
  PartBuilder part;
  part.list_file(wanted);
  const Stretch abc = part.blob(as_bytes("abc"));

  SECTION("too few") {}
  SECTION("the file is not closed") {
    part.open(regular, 3).add(Write{abc});
  }
  SECTION("more than the list has") {
    part.open(regular, 3).add(Write{abc}).add(CloseFile{});
    part.open(regular, 3).add(Write{abc}).add(CloseFile{});
  }
  SECTION("a write without a file") {
    part.add(Write{abc});
  }
  SECTION("a close without a file") {
    part.add(CloseFile{});
  }
  SECTION("a patch without a file") {
    part.read_from(old).patch(sample_patch());
  }
  SECTION("a patch without a source") {
    part.open(regular, 3).patch(sample_patch());
  }
  SECTION("a patch and a write") {
    part.read_from(old).open(regular, 40).patch(sample_patch()).add(Write{{0, 3}});
    part.add(CloseFile{});
  }
  SECTION("a write and a patch") {
    part.read_from(old).open(regular, 40).add(Write{{0, 3}}).patch(sample_patch());
    part.add(CloseFile{});
  }
  SECTION("a patch outside of the blob") {
    part.read_from(old).open(regular, 3).add(ApplyPatch{{1 << 20, 10}}).add(CloseFile{});
  }
  SECTION("a patch that reads past its end") {
    part.read_from(old).open(regular, old_text.size() + 1);
    const Bytes patch = sample_patch();
    part.patch(ByteView(patch).first(patch.size() - 1)).add(CloseFile{});
  }
  SECTION("a patch whose file is huge") {
    part.read_from(old).open(regular, UINT64_MAX).patch(sample_patch()).add(CloseFile{});
  }
  SECTION("a file in a file") {
    part.open(regular, 3).open(regular, 3);
  }
  SECTION("a splice in a file") {
    part.open(regular, 3).add(SpliceFile{0, 0, abc}).add(CloseFile{});
  }
  SECTION("a mode that is not there") {
    part.add(OpenFile{9, 0, 3}).add(CloseFile{});
  }
  SECTION("attributes that are not there") {
    part.attributes(regular);
    part.add(SpliceFile{0, 9, abc});
  }
  SECTION("a symbolic link that is opened") {
    part.open(link_header, 0).add(CloseFile{});
  }
  SECTION("a directory") {
    part.open({.mode = S_IFDIR | 0755}, 3).add(Write{abc}).add(CloseFile{});
  }
  SECTION("a device") {
    const FileHeader device{.mode = S_IFCHR | 0644};
    const std::uint64_t mode = part.attributes(device);
    part.add(SpliceFile{mode, part.xattrs(device), abc});
  }
  SECTION("a symbolic link of a NUL") {
    const std::uint64_t mode = part.attributes(link_header);
    part.add(SpliceFile{mode, part.xattrs(link_header), part.blob(as_bytes({"a\0b", 3}))});
  }
  SECTION("a symbolic link that is too long") {
    const std::uint64_t mode = part.attributes(link_header);
    part.add(SpliceFile{mode, part.xattrs(link_header), part.blob(Bytes(4096, 'a'))});
  }
  SECTION("a write outside of the blob") {
    part.open(regular, 3).add(Write{{1 << 20, 3}});
  }
  SECTION("a write outside of the source") {
    part.read_from(old).open(regular, 3).add(Write{{old_text.size() - 2, 3}}).add(CloseFile{});
  }
  SECTION("a source outside of the blob") {
    part.add(SetReadSource{abc.offset + 3 - 31});
  }
  SECTION("less than announced") {
    part.open(regular, 4).add(Write{abc}).add(CloseFile{});
  }
  SECTION("more than announced") {
    part.open(regular, 2).add(Write{abc}).add(CloseFile{});
  }
  SECTION("another content") {
    part.open(regular, 3).add(Write{part.blob(as_bytes("abd"))}).add(CloseFile{});
  }
  SECTION("another mode") {
    part.open({.mode = S_IFREG | 0600}, 3).add(Write{abc}).add(CloseFile{});
  }

  CHECK(error_kind([&] { execute(part, store); }) == ErrorKind::Corrupt);
  CHECK(store.size() - before <= 1);  // the good one of "more than the list has"
}

TEST_CASE("metadata that is not what its name says, or opened like a file, is refused") {
  MemoryStore store;
  const Bytes dirtree = sample_dirtree();
  PartBuilder part;
  SECTION("opened") {
    part.list({Checksum(), ObjectType::DirTree}).open(regular, 3).add(CloseFile{});
  }
  SECTION("another") {
    part.list({Checksum(), ObjectType::DirTree}).add(SpliceMetadata{part.blob(dirtree)});
  }
  SECTION("not of its type") {
    part.splice_metadata(ObjectType::DirMeta, dirtree);
  }
  SECTION("outside of the blob") {
    part.list({Checksum(), ObjectType::DirTree}).add(SpliceMetadata{{0, 1}});
  }
  CHECK(error_kind([&] { execute(part, store); }) == ErrorKind::Corrupt);
  CHECK(store.size() == 0);
}
