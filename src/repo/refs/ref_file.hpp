#pragma once

/// \file
/// The files below refs/: one ref each, 64 hexadecimal digits and a newline, or a symlink to
/// another one. Paths are relative to the repository.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "base/os/fd.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

/// nullopt if there is no such file. Throws Error(Corrupt) that names the file if it is not a ref.
std::optional<Checksum> read_ref_file(FileDescriptor repo, const std::string& path);

/// Names of the directories in a directory below refs/, sorted; none if it is not there.
std::vector<std::string> list_ref_dirs(FileDescriptor repo, const std::string& path);

/// Told of a directory that cannot be read, by its name relative to `base`.
using BadRefDirHandler = std::function<void(const std::string& dir, const Error& error)>;

/// Calls for each ref in directory `base` at or below `start` ("" for all): its name relative to
/// `base`, and whether it is a symlink. Names that no ref can have are passed over; what vanishes
/// meanwhile is fine. Ordered within a directory. With `on_bad`, a directory that cannot be read is
/// told of and left out; without, its error is thrown.
void for_each_ref_file(FileDescriptor repo, const std::string& base, const std::string& start,
                       const std::function<void(const std::string& ref, bool is_symlink)>& callback,
                       const BadRefDirHandler& on_bad = {});

/// As those who are told of bad refs get it: whatever kept it from being read, it is no good ref.
Error as_bad_ref(const Error& error);

}  // namespace xylem::repo
