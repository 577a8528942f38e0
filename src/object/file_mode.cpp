#include "object/file_mode.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <string_view>

#include "xylem/error.hpp"

namespace xylem::object {

namespace {

bool has_valid_permissions(std::uint32_t mode) noexcept {
  constexpr std::uint32_t permissions = 07777;
  return (mode & ~(S_IFMT | permissions)) == 0;
}

void require(bool valid, std::uint32_t mode, std::string_view what) {
  if (!valid)
    throw Error(ErrorKind::Corrupt, fmt::format("The mode 0{:o} is not that of {}", mode, what));
}

}  // namespace

void validate_dir_mode(std::uint32_t mode) {
  require(S_ISDIR(mode) && has_valid_permissions(mode), mode, "a directory");
}

void validate_file_mode(std::uint32_t mode) {
  require((S_ISREG(mode) || S_ISLNK(mode)) && has_valid_permissions(mode), mode,
          "a regular file or symbolic link");
}

}  // namespace xylem::object
