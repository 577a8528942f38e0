// A configuration, with its remotes.

#include "fuzz/fuzz.hpp"
#include "repo/config/config.hpp"
#include "repo/config/remote.hpp"
#include "repo/config/remotes_dir.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const repo::KeyFile file = repo::KeyFile::parse(input, "config");
    for (const std::string& name : repo::remotes_in(file))
      repo::parse_remote(file, name).local_path();
    repo::parse_config(file);
  });
}
