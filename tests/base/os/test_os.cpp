#include <sys/mman.h>

#include <catch2/catch.hpp>
#include <optional>

#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using test::read_file;
using test::write_file;

namespace {

/// A kernel without openat2, if `pretend`.
class NoOpenat2 : public os::Observer {
 public:
  explicit NoOpenat2(bool pretend) {
    if (pretend) scope_.emplace(*this);
  }
  long call(const os::Call& call, const std::function<long()>& real) override {
    const bool opens =
        call.operation == os::Operation::Open || call.operation == os::Operation::Create;
    // It is the first of two calls; the second one is the way around it.
    if (!opens || (refused_ = !refused_) == false) return real();
    errno = ENOSYS;
    return -1;
  }

 private:
  bool refused_ = false;
  std::optional<os::ObserverScope> scope_;
};

}  // namespace

TEST_CASE("errors of the system become errors of ours") {
  struct Row {
    int number;
    ErrorKind kind;
    bool hint;
  };
  const auto row = GENERATE(Row{ENOSPC, ErrorKind::NoSpace, true},
                            Row{EDQUOT, ErrorKind::NoSpace, true}, Row{EIO, ErrorKind::Io, false},
                            Row{EACCES, ErrorKind::Io, true}, Row{EROFS, ErrorKind::Io, true});
  try {
    os::fail(row.number, "Opening", "/some/path");
  } catch (const Error& error) {
    CHECK(error.kind() == row.kind);
    CHECK(error.details().system_errno == row.number);
    CHECK(error.details().path == "/some/path");
    CHECK(error.details().hint.empty() != row.hint);
    CHECK(std::string(error.what()).starts_with("Opening /some/path: "));
  }
}

TEST_CASE("opening what is not there") {
  const test::TempDir dir;
  CHECK_FALSE(os::try_open(dir.at("none"), O_RDONLY).valid());
  CHECK_FALSE(os::try_open_dir(dir.at("none")).valid());
  CHECK_FALSE(os::try_read_file(dir.at("none"), 10));
  CHECK_FALSE(os::exists(dir.at("none")));
  try {
    os::open(dir.at("none"), O_RDONLY);
    FAIL("was opened");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Io);
    CHECK(error.details().system_errno == ENOENT);
    CHECK(error.details().path == dir / "none");
  }
  CHECK(error_kind([&] { os::open_dir(dir.at("none")); }) == ErrorKind::Io);
}

TEST_CASE("descriptors close on exec") {
  const test::TempDir dir;
  const UniqueFd fd = os::open_dir({dir.fd(), "."});
  CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((::fcntl(os::duplicate(fd).get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("an error about a closed descriptor keeps its number") {
  try {
    os::stat(FileDescriptor(99999));
    FAIL("was found");
  } catch (const Error& error) {
    CHECK(error.details().system_errno == EBADF);
  }
}

TEST_CASE("a pipe in place of a file does not stop who reads it") {
  const test::TempDir dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  CHECK(error_kind([&] { os::try_read_file(dir.at("pipe"), 100); }) == ErrorKind::Io);
  CHECK(error_kind([&] { os::try_read_file(dir.at("."), 100); }) == ErrorKind::Io);
  CHECK_FALSE(os::try_read_file(dir.at("missing"), 100));
}

TEST_CASE("beneath a directory") {
  const test::TempDir dir;
  os::make_dirs(dir.at("root/sub"), 0755);
  write_file(dir / "secret", "x");
  write_file(dir / "root/sub/file", "inside");
  os::symlink("../../secret", dir.at("root/sub/up"));
  os::symlink("/etc/passwd", dir.at("root/absolute"));
  os::symlink("sub/file", dir.at("root/fine"));
  os::symlink("..", dir.at("root/parent"));
  const UniqueFd root = os::open_dir(dir.at("root"));
  const NoOpenat2 old_kernel(GENERATE(false, true));

  const auto inside = GENERATE("sub/file", "fine", "sub/../sub/file", "./sub//file");
  CHECK(as_text(os::read_file(os::open_beneath({root, inside}, O_RDONLY), 100)) == "inside");

  const auto outside = GENERATE("../secret", "sub/up", "absolute", "/etc/passwd", "parent/secret",
                                "sub/../../secret", "parent/root/sub/file");
  CHECK(error_kind([&] {
          os::open_beneath({root, outside}, O_RDONLY);
        }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] {
          os::open_beneath({root, "../new"}, O_WRONLY | O_CREAT, 0644);
        }) == ErrorKind::InvalidArgument);
  CHECK_FALSE(os::exists(dir.at("new")));
}

TEST_CASE("beneath a directory, symlinks are not taken if nobody wants them") {
  const test::TempDir dir;
  os::make_dirs(dir.at("sub"), 0755);
  write_file(dir / "sub/file", "inside");
  os::symlink("sub", dir.at("link"));
  os::symlink("sub/file", dir.at("other"));
  os::symlink("loop", dir.at("loop"));
  const NoOpenat2 old_kernel(GENERATE(false, true));
  const auto open = [&](const char* name, os::Symlinks symlinks) {
    return error_kind([&] { os::open_beneath(dir.at(name), O_RDONLY, 0, symlinks); });
  };
  CHECK_FALSE(open("sub/file", os::Symlinks::Refuse));
  for (const char* name : {"link", "link/file", "other"}) {
    CAPTURE(name);
    CHECK_FALSE(open(name, os::Symlinks::Inside));
    CHECK(open(name, os::Symlinks::Refuse) == ErrorKind::Io);
  }
  CHECK(open("loop", os::Symlinks::Inside) == ErrorKind::Io);
  CHECK(open("sub/file/more", os::Symlinks::Inside) == ErrorKind::Io);
}

TEST_CASE("beneath a directory, what is missing is an error of the system") {
  const test::TempDir dir;
  const NoOpenat2 old_kernel(GENERATE(false, true));
  CHECK(error_kind([&] { os::open_beneath(dir.at("none"), O_RDONLY); }) == ErrorKind::Io);
  CHECK(os::open_beneath(dir.at("new"), O_WRONLY | O_CREAT, 0600).valid());
  CHECK((os::try_stat(dir.at("new"))->st_mode & 0777) == 0600);
}

TEST_CASE("a nameless file gets a name that is free") {
  const test::TempDir dir;
  const UniqueFd fd = os::try_open_nameless(dir.fd(), 0640);
  if (!fd.valid()) {
    WARN("this file system has no nameless files");
    return;
  }
  os::write_all(fd, as_bytes("content"));
  write_file(dir / "taken", "old");
  CHECK_FALSE(os::link_fd(fd, dir.at("taken")));
  CHECK(os::link_fd(fd, dir.at("free")));
  CHECK(as_text(read_file(dir / "free")) == "content");
  CHECK(as_text(read_file(dir / "taken")) == "old");
}

TEST_CASE("reading and writing at offsets") {
  const test::TempDir dir;
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR | O_CREAT, 0644);
  os::write_all(fd, as_bytes("0123456789"));
  os::write_all_at(fd, as_bytes("ab"), 3);
  Bytes buffer(4);
  CHECK(os::read_at(fd, buffer, 2) == 4);
  CHECK(as_text(buffer) == "2ab5");
  CHECK(os::read_at(fd, buffer, 8) == 2);
  CHECK(os::read_at(fd, buffer, 10) == 0);
  CHECK(os::read_at(fd, {}, 0) == 0);
  os::truncate(fd, 3);
  CHECK(as_text(os::read_file(fd, 3)) == "012");
  os::truncate(fd, 5);
  CHECK(os::read_file(fd, 5) == Bytes{'0', '1', '2', 0, 0});
  CHECK(error_kind([&] { os::read_file(fd, 4); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { os::try_read_file(dir.at("file"), 4); }) == ErrorKind::Corrupt);
}

TEST_CASE("copying a file, also where the kernel cannot") {
  const test::TempDir dir;
  Bytes content(300000, 'x');
  content[299999] = 'y';
  write_file(dir / "from", content);
  const UniqueFd from = os::open(dir.at("from"), O_RDONLY);
  const UniqueFd to = os::open(dir.at("to"), O_RDWR | O_CREAT, 0644);
  os::copy_file(from, to, content.size());
  CHECK((os::read_file(to, 1 << 20) == content));

  const UniqueFd memory(::memfd_create("test", MFD_CLOEXEC));
  os::copy_file(from, memory, content.size());
  CHECK((os::read_file(memory, 1 << 20) == content));
  CHECK(error_kind([&] { os::copy_file(from, memory, content.size() + 1); }) == ErrorKind::Io);
}

TEST_CASE("a full device is no space") {
  const UniqueFd full = os::open({FileDescriptor::cwd(), "/dev/full"}, O_WRONLY);
  CHECK(error_kind([&] { os::write_all(full, as_bytes("x")); }) == ErrorKind::NoSpace);
}

TEST_CASE("making directories") {
  const test::TempDir dir;
  CHECK(os::make_dir(dir.at("a"), 0755));
  CHECK_FALSE(os::make_dir(dir.at("a"), 0755));
  os::make_dirs(dir.at("a/b/c"), 0755);
  os::make_dirs(dir.at("a/b/c"), 0755);
  CHECK(os::open_dir(dir.at("a/b/c")).valid());
  os::make_dirs({FileDescriptor::cwd(), dir / "d/e"}, 0755);
  CHECK(os::exists(dir.at("d/e")));
  CHECK_FALSE(os::remove_dir(dir.at("a")));
  CHECK(os::remove_dir(dir.at("a/b/c")));
  CHECK_FALSE(os::remove_dir(dir.at("a/b/c")));
}

TEST_CASE("links") {
  const test::TempDir dir;
  write_file(dir / "file", "x");
  CHECK(os::link(dir.at("file"), dir.at("second")));
  CHECK_FALSE(os::link(dir.at("file"), dir.at("second")));
  CHECK(os::try_link(dir.at("file"), dir.at("second")) == EEXIST);
  CHECK(os::try_link(dir.at("none"), dir.at("third")) == ENOENT);
  CHECK(error_kind([&] { os::link(dir.at("none"), dir.at("third")); }) == ErrorKind::Io);
  CHECK(os::try_stat(dir.at("file"))->st_nlink == 2);

  os::symlink("some/where", dir.at("link"));
  CHECK(os::read_link(dir.at("link")) == "some/where");
  CHECK(S_ISLNK(os::try_stat(dir.at("link"))->st_mode));
  CHECK(os::exists(dir.at("link")));
  const std::string longest(4095, 'x');
  os::symlink(longest, dir.at("long"));
  CHECK(os::read_link(dir.at("long")) == longest);
}

TEST_CASE("renaming, with and without replacing") {
  const test::TempDir dir;
  write_file(dir / "a", "a");
  write_file(dir / "b", "b");
  CHECK_FALSE(os::rename_noreplace(dir.at("a"), dir.at("b")));
  CHECK(as_text(read_file(dir / "b")) == "b");
  CHECK(os::exists(dir.at("a")));
  CHECK(os::rename_noreplace(dir.at("a"), dir.at("c")));
  CHECK_FALSE(os::exists(dir.at("a")));
  os::rename(dir.at("c"), dir.at("b"));
  CHECK(as_text(read_file(dir / "b")) == "a");
  CHECK(error_kind([&] { os::rename_noreplace(dir.at("none"), dir.at("d")); }) == ErrorKind::Io);

  os::make_dir(dir.at("old"), 0755);
  os::make_dir(dir.at("full"), 0755);
  CHECK_FALSE(os::rename_noreplace(dir.at("old"), dir.at("full")));
  CHECK(os::rename_noreplace(dir.at("old"), dir.at("new")));
  CHECK(os::open_dir(dir.at("new")).valid());
  CHECK_FALSE(os::try_rename_dir(dir.at("new"), dir.at("full")));
  CHECK(os::try_rename_dir(dir.at("new"), dir.at("newer")));
  CHECK(os::open_dir(dir.at("newer")).valid());
  CHECK(error_kind([&] { os::try_rename_dir(dir.at("new"), dir.at("d")); }) == ErrorKind::Io);
}

TEST_CASE("removing") {
  const test::TempDir dir;
  write_file(dir / "a", "a");
  CHECK(os::unlink(dir.at("a")));
  CHECK_FALSE(os::unlink(dir.at("a")));
  CHECK_FALSE(os::exists(dir.at("a/b")));
}

TEST_CASE("flushing and measuring work on real files") {
  const test::TempDir dir;
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR | O_CREAT, 0644);
  os::write_all(fd, as_bytes("x"));
  os::start_writeback(fd);
  CHECK_NOTHROW(os::fdatasync(fd));
  CHECK_NOTHROW(os::fsync(fd));
  CHECK_NOTHROW(os::syncfs(dir.fd()));
  const os::SpaceLeft space = os::space_left(dir.fd());
  CHECK(space.block_size > 0);
  CHECK(space.blocks_total >= space.blocks_free);
  CHECK(space.blocks_free >= space.blocks_available);
  CHECK(error_kind([] { os::fsync(FileDescriptor(-1)); }) == ErrorKind::Io);
}

TEST_CASE("paths for messages") {
  const test::TempDir dir;
  CHECK(os::path_of(dir.fd()) == dir.path());
  CHECK(os::path_of(dir.at("x")) == dir / "x");
  CHECK(os::path_of(PathAt{FileDescriptor::cwd(), "relative"}) == "relative");
  CHECK(os::path_of(PathAt{dir.fd(), "/absolute"}) == "/absolute");
  CHECK(os::path_of(FileDescriptor(99999)) == "(descriptor 99999)");
}
