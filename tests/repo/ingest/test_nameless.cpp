// Objects are written to files without names where that can be done, and under temporary names
// where it cannot.

#include <catch2/catch.hpp>
#include <cerrno>
#include <map>
#include <mutex>

#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "repo/sample.hpp"

using namespace xylem;
using namespace xylem::test;
using os::Operation;
using repo::Mode;

namespace {

/// Counts calls, and fails one kind of them as a file system or a kernel without it would.
class Without : public os::Observer {
 public:
  Without() = default;
  Without(Operation missing, int error_number) : missing_(missing), error_number_(error_number) {}

  long call(const os::Call& call, const std::function<long()>& real) override {
    const std::lock_guard lock(mutex_);
    ++count_[call.operation];
    if (error_number_ == 0 || call.operation != missing_) return real();
    errno = error_number_;
    return -1;
  }
  int count(Operation operation) { return count_[operation]; }

 private:
  Operation missing_ = Operation::CreateNameless;
  int error_number_ = 0;
  std::mutex mutex_;
  std::map<Operation, int> count_;
};

/// Stages the sample with what `observer` leaves of the operating system, and publishes it.
std::map<std::string, std::string> publish(Mode mode, Without& observer) {
  const TempDir dir;
  repo::Repo target = repo::Repo::create(dir / "repo", mode);
  const repo::Repo source = sample_for(mode).open();
  repo::Transaction transaction(target);
  {
    const os::ObserverScope scope(observer);
    fill(transaction, source);
  }
  transaction.commit();
  CHECK(objects_of(target) == objects_of(source));
  CHECK(ostree_accepts(dir / "repo"));
  return describe_objects(dir / "repo");
}

bool has_nameless_files() {
  const TempDir dir;
  return os::try_open_nameless(dir.fd(), 0600).valid();
}

}  // namespace

TEST_CASE("without nameless files objects are the same") {
  const Mode mode = GENERATE(Mode::Archive, Mode::Bare, Mode::BareUser, Mode::BareUserOnly);
  if (!can_write(mode)) return;
  CAPTURE(mode);
  Without nothing;
  const auto usual = publish(mode, nothing);
  Without tmpfile(Operation::CreateNameless, EOPNOTSUPP);
  CHECK(publish(mode, tmpfile) == usual);
  CHECK(tmpfile.count(Operation::CreateNameless) == 1);
  Without proc(Operation::LinkNameless, ENOENT);
  CHECK(publish(mode, proc) == usual);
  if (has_nameless_files()) CHECK(proc.count(Operation::LinkNameless) == 1);
}

TEST_CASE("with nameless files no file has a name before it is complete") {
  if (!has_nameless_files()) return;
  Without nothing;
  publish(Mode::Archive, nothing);
  const int files = static_cast<int>(objects_of(sample_for(Mode::Archive).open()).size());
  CHECK(nothing.count(Operation::CreateNameless) >= files);
  CHECK(nothing.count(Operation::Create) < files);
}
