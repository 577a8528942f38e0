#pragma once

#include <string>

namespace xylem::test {

/// An empty directory on a file system in memory, if there is one with extended attributes: what a
/// test looks at is written thousands of times. Removed with all that is in it.
class Workplace {
 public:
  Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace();

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace xylem::test
