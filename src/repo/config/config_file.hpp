#pragma once

/// \file
/// `config` as a file, whether or not what it says can be used.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/os/fd.hpp"
#include "repo/config/key_file.hpp"

namespace xylem::repo {

/// A file of more bytes is refused.
constexpr std::uint64_t largest_config = 16 << 20;

/// nullopt if there is none. `path` is that of the repository, for messages. Throws
/// Error(InvalidArgument) that names the line for what is no key file.
std::optional<KeyFile> read_config_file(FileDescriptor repo, const std::string& path);

/// Replaces it durably, as update_file() does. For those who hold the lock on it and have checked
/// what they write: Repo::edit_config() and mend_config().
void write_config_file(FileDescriptor repo, const KeyFile& file);

}  // namespace xylem::repo
