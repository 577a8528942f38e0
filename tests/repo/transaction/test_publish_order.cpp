#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "repo/sample.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::test;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

constexpr char repo_variable[] = "XYLEM_TEST_TRACED_REPO";

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// Where in the trace the system calls are that contain all of `parts`.
struct Calls {
  std::ptrdiff_t first = -1;
  std::ptrdiff_t last = -1;
  bool any() const { return first >= 0; }
};

Calls find_calls(const std::vector<std::string>& lines, const std::vector<std::string>& parts) {
  Calls calls;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    bool all = true;
    for (const std::string& part : parts) all &= lines[i].find(part) != std::string::npos;
    if (!all) continue;
    if (!calls.any()) calls.first = static_cast<std::ptrdiff_t>(i);
    calls.last = static_cast<std::ptrdiff_t>(i);
  }
  return calls;
}

bool has_strace() {
  return run({"sh", "-c", "strace -o /dev/null true 2>/dev/null"}).status == 0;
}

}  // namespace

TEST_CASE("pull the sample while being traced", "[.traced]") {
  const char* path = std::getenv(repo_variable);
  REQUIRE(path != nullptr);
  Repo target = Repo::open(path);
  const Repo source = sample_for(Mode::BareUser).open();
  const auto commit = repo::find_ref(source, {std::nullopt, sample_ref}).value();
  Transaction transaction(target);
  transaction.mark_partial(commit);
  fill(transaction, source);
  transaction.mark_complete_on_commit(commit);
  transaction.commit();
}

TEST_CASE("objects are durable before they are visible, and visible before refs are") {
  if (!has_strace()) {
    WARN("skipped: strace is not there, or may not trace");
    return;
  }
  const TempDir dir;
  const std::string path = dir / "repo";
  { Repo::create(path, Mode::BareUser); }
  ::setenv(repo_variable, path.c_str(), 1);
  // Some directories of objects exist already, some do not.
  run_ok({"sh", "-c",
          "for i in 0 1 2 3 4 5 6 7; do for j in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do "
          "mkdir -p " +
              path + "/objects/$i$j; touch " + path + "/objects/$i$j/x; done; done"});
  // A leak checker cannot work while somebody traces.
  run_ok({"strace", "-E", "ASAN_OPTIONS=detect_leaks=0", "-f", "-y", "-o", dir / "trace", "-e",
          "trace=syncfs,rename,renameat,renameat2,fsync,fdatasync,unlink,unlinkat,openat",
          os::read_link({FileDescriptor::cwd(), "/proc/self/exe"}),
          "pull the sample while being traced"});
  // The tools that made the sample are in it, too: only what names this repository counts.
  const std::vector<std::string> lines = read_lines(dir / "trace");

  const std::string objects = path + "/objects>";
  const Calls barrier = find_calls(lines, {"syncfs(", path});
  const Calls marked = find_calls(lines, {"openat(", path, ".commitpartial", "O_CREAT"});
  const Calls published = find_calls(lines, {"renameat", objects});
  const Calls commit_published = find_calls(lines, {"renameat", objects, ".commit\""});
  // Of the directory, or of its whole file system.
  const Calls synced = find_calls(lines, {"sync", objects});
  const Calls ref = find_calls(lines, {"rename", path + "/refs/heads"});
  const Calls unmarked = find_calls(lines, {"unlink", path, ".commitpartial"});
  for (const Calls& calls : {barrier, marked, published, synced, ref, unmarked})
    REQUIRE(calls.any());

  // The barrier makes the marker durable, too.
  CHECK(marked.first < barrier.first);
  CHECK(barrier.first < published.first);
  CHECK(published.last < synced.last);
  CHECK(synced.last < ref.first);
  CHECK(ref.last < unmarked.first);
  // Commits come last, after everything that they need is durable under its name.
  if (commit_published.any()) CHECK(synced.first < commit_published.first);
  CHECK(published.last > synced.first);
}

namespace {

/// Notes the order of barriers and renames.
class Order : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::SyncFileSystem) barrier_ = true;
    if (call.operation == os::Operation::Rename && call.path->name == sample_ref_leaf)
      barrier_before_ref = barrier_;
    return real();
  }
  static constexpr char sample_ref_leaf[] = "main";
  std::optional<bool> barrier_before_ref;

 private:
  bool barrier_ = false;
};

}  // namespace

TEST_CASE_METHOD(NewRepo,
                 "what another process has published is durable before a ref relies on it") {
  const Repo source = sample_for(Mode::BareUser).open();
  const auto commit = repo::find_ref(source, {std::nullopt, sample_ref}).value();
  {
    // Killed before it synced the directories of objects.
    Transaction first(target, {.fsync = repo::FsyncMode::Off});
    fill(first, source);
    first.set_ref(object::RefSpec{std::nullopt, sample_ref}, std::nullopt);
    first.commit();
  }
  Order order;
  const os::ObserverScope scope(order);
  Transaction second(target);
  REQUIRE(second.has({commit, object::ObjectType::Commit}));
  second.set_ref(object::RefSpec{std::nullopt, sample_ref}, commit);
  second.commit();
  CHECK(order.barrier_before_ref == true);
}
