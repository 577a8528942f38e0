#include <catch2/catch.hpp>
#include <set>

#include "base/os/os.hpp"
#include "crash/power_cut.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

using Enumerate = decltype(&for_each_journal_state);

/// What `act` does in a new directory.
template <typename Act>
Recording record(Act act) {
  const TempDir dir;
  Recording recording;
  FileIds ids;
  recording.start = DiskImage::read(dir.path(), ids);
  recording.next_inode = static_cast<Inode>(recording.start.nodes.size());
  Recorder recorder(recording, ids);
  const os::ObserverScope scope(recorder);
  act(dir);
  return recording;
}

/// "name=content" of all files in the root, with a blank between.
std::string describe(const DiskImage& image) {
  std::string text;
  for (const auto& [name, inode] : image.nodes[root_inode].entries) {
    std::string content(as_text(*image.nodes[inode].content));
    for (char& byte : content)
      if (byte == '\0') byte = '0';
    text += (text.empty() ? "" : " ") + name + "=" + content;
  }
  return text;
}

std::set<std::string> states_of(const Recording& recording, Enumerate enumerate) {
  std::set<std::string> states;
  enumerate(recording, {},
            [&](const DiskImage& image, const std::string&) { states.insert(describe(image)); });
  return states;
}

/// Writes a file under a temporary name and renames it, with as many syncs as asked for.
struct Replace {
  bool sync_file = false;
  bool sync_dir = false;

  void operator()(const TempDir& dir) const {
    const UniqueFd file = os::open(dir.at("new"), O_WRONLY | O_CREAT, 0600);
    os::write_all(file, as_bytes("data"));
    if (sync_file) os::fsync(file);
    os::rename(dir.at("new"), dir.at("file"));
    if (sync_dir) os::fsync(dir.fd());
    os::make_dir(dir.at("later"), 0700);
  }
};

}  // namespace

TEST_CASE("without a sync a renamed file may have any content, or be missing") {
  const Recording recording = record(Replace{});
  const std::set<std::string> journal = states_of(recording, for_each_journal_state);
  for (const char* state : {"", "new=", "new=0000", "new=da", "new=data", "file=", "file=0000",
                            "file=da", "file=data", "file= later=", "file=data later="})
    CHECK(journal.contains(state));
  // In order: what came later is not there without what came before.
  CHECK_FALSE(journal.contains("later="));
  CHECK(states_of(recording, for_each_loose_state).contains("later="));
}

TEST_CASE("a synced file has its content whenever it has its last name") {
  for (const Enumerate enumerate : {for_each_journal_state, for_each_loose_state}) {
    const std::set<std::string> states = states_of(record(Replace{.sync_file = true}), enumerate);
    CHECK(states.contains(""));
    CHECK(states.contains("file=data"));
    for (const char* state : {"file=", "file=0000", "file=da"}) CHECK_FALSE(states.contains(state));
  }
}

TEST_CASE("with the directory synced nothing but what came later can be lost") {
  const Recording recording = record(Replace{.sync_file = true, .sync_dir = true});
  for (const Enumerate enumerate : {for_each_journal_state, for_each_loose_state}) {
    std::set<std::string> states;
    PowerCutOptions options;
    options.first_step = recording.steps.size();  // the cut comes at the very end
    enumerate(recording, options,
              [&](const DiskImage& image, const std::string&) { states.insert(describe(image)); });
    CHECK(states == std::set<std::string>{"file=data", "file=data later="});
  }
}

TEST_CASE("a sync of the file system keeps everything before it") {
  const Recording recording = record([](const TempDir& dir) {
    Replace{}(dir);
    os::syncfs(dir.fd());
    os::remove_dir(dir.at("later"));
  });
  PowerCutOptions options;
  options.first_step = recording.steps.size();
  for (const Enumerate enumerate : {for_each_journal_state, for_each_loose_state}) {
    std::set<std::string> states;
    enumerate(recording, options,
              [&](const DiskImage& image, const std::string&) { states.insert(describe(image)); });
    CHECK(states == std::set<std::string>{"file=data", "file=data later="});
  }
}

TEST_CASE("a recorded tree is the real one, and can be written again") {
  const TempDir dir;
  Recording recording;
  FileIds ids;
  recording.start = DiskImage::read(dir.path(), ids);
  recording.next_inode = 1;
  {
    Recorder recorder(recording, ids);
    const os::ObserverScope scope(recorder);
    Replace{}(dir);
    os::symlink("target", dir.at("later/link"));
    os::link(dir.at("file"), dir.at("linked"));
    const UniqueFd nameless = os::try_open_nameless(dir.fd(), 0640);
    if (nameless.valid()) {
      os::write_all(nameless, as_bytes("more"));
      os::link_fd(nameless, dir.at("named"));
    }
    const UniqueFd file = os::open(dir.at("file"), O_WRONLY);
    os::truncate(file, 2);
    os::set_xattr(file, "user.test", as_bytes("value"));
  }
  FileIds other_ids;
  const DiskImage real = DiskImage::read(dir.path(), other_ids);
  const DiskImage recorded = tree_after(recording, recording.steps.size());
  CHECK(describe(recorded) == describe(real));
  CHECK(recorded.hash() == real.hash());

  const TempDir copy;
  recorded.write(copy / "tree", other_ids);
  CHECK(DiskImage::read(copy / "tree", other_ids = {}).hash() == real.hash());
}
