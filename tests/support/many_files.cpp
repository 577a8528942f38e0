#include "support/many_files.hpp"

#include <cerrno>

#include "base/os/os.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

namespace {

bool is_loose_object(const PathAt* path) {
  return path != nullptr && path->name.size() > 65 && path->name[2] == '/' && path->name[65] == '.';
}

/// Goes at the end of the process.
class ManyFilesRepo {
 public:
  ManyFilesRepo() {
    for (int i = 0; i < many_files; ++i) {
      const std::string parent = "tree/" + std::to_string(i % 20);
      if (i < 20) os::make_dirs(dir_.at(parent), 0755);
      write_file(dir_ / (parent + "/" + std::to_string(i)), std::to_string(i));
    }
    run_ok({"ostree", "init", "--repo=" + path_, "--mode=bare-user-only"});
    run_ok({"ostree", "commit", "--repo=" + path_, "-b", many_files_ref, "--canonical-permissions",
            "--tree=dir=" + (dir_ / "tree")});
  }
  const std::string& path() const { return path_; }

 private:
  TempDir dir_;
  std::string path_ = dir_ / "repo";
};

}  // namespace

const std::string& many_files_repo() {
  static const ManyFilesRepo repo;
  return repo.path();
}

void copy_many_files_repo(const std::string& path) {
  run_ok({"cp", "-al", many_files_repo(), path});
}

long LookCounter::call(const os::Call& call, const std::function<long()>& real) {
  if (call.operation == os::Operation::Stat && is_loose_object(call.path)) ++looks_;
  if (call.operation != os::Operation::List) return real();
  ++lists_;
  if (!lists_fail_) return real();
  errno = EACCES;
  return -1;
}

}  // namespace xylem::test
