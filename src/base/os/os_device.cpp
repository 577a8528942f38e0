#include "base/os/os_device.hpp"

#include <sys/stat.h>

#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_observer.hpp"

namespace xylem::os {

bool try_make_whiteout(const PathAt& path, mode_t permissions) {
  const long made = observed({.operation = Operation::Create, .path = &path}, [&] {
    return ::mknodat(path.dir.get(), path.name.c_str(), S_IFCHR | permissions, 0);
  });
  if (made == -1 && errno == EEXIST) return false;
  check(made, "Creating whiteout device", path);
  // The umask may have taken some away.
  const long set = observed({.operation = Operation::SetMode, .path = &path}, [&] {
    return ::fchmodat(path.dir.get(), path.name.c_str(), permissions, 0);
  });
  check(set, "Setting the mode of", path);
  return true;
}

}  // namespace xylem::os
