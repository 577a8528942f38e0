#pragma once

#include <atomic>
#include <string>

#include "base/os/os_observer.hpp"

namespace xylem::test {

constexpr char many_files_ref[] = "os/many";
constexpr int many_files = 8'000;  ///< Enough for a list of directories to pay.

/// A bare-user-only repository with one commit of `many_files` small files, no two alike, under
/// `many_files_ref`: made by `ostree`, once for all tests, which do not change it.
const std::string& many_files_repo();
/// Makes a copy of it, by hard links.
void copy_many_files_repo(const std::string& path);

/// Counts the looks at loose objects of a store ("ab/<62 digits>.file"), and the calls that list
/// directories. May make the latter fail. Any thread.
class LookCounter : public os::Observer {
 public:
  explicit LookCounter(bool lists_fail = false) : lists_fail_(lists_fail) {}
  long call(const os::Call& call, const std::function<long()>& real) override;
  int looks() const { return looks_; }
  int lists() const { return lists_; }

 private:
  const bool lists_fail_;
  std::atomic<int> looks_ = 0;
  std::atomic<int> lists_ = 0;
};

}  // namespace xylem::test
