#include <algorithm>
#include <cstdio>

#include "base/stream.hpp"
#include "cli/frame/values.hpp"
#include "cli/objects/cmd_objects.hpp"
#include "cli/objects/open_store.hpp"

namespace xylem::cli {

namespace {

struct CatCommand {
  std::string object;
  std::uint64_t offset = 0;
  std::uint64_t size = UINT64_MAX;
};

void print_content(const Globals& globals, const CatCommand& cat) {
  ObjectReader reader = open_store(globals).read(object_argument(globals, cat.object));
  Bytes buffer(stream_buffer_size);
  std::uint64_t offset = cat.offset;
  for (std::uint64_t left = cat.size; left > 0;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
    const std::size_t count = reader.read_at(MutableByteView(buffer).first(wanted), offset);
    if (count == 0) return;
    if (std::fwrite(buffer.data(), 1, count, stdout) != count)
      throw Error(ErrorKind::Io, "Writing to standard output failed");
    offset += count;
    left -= count;
  }
}

}  // namespace

void add_objects_cat(CLI::App& group, Globals& globals) {
  auto cat = std::make_shared<CatCommand>();
  CLI::App* command =
      add_command(group, globals, "cat", "Print the content of an object", "OBJECT");
  require(add_arguments(*command, "object", cat->object));
  add_size(*command, "--offset", cat->offset, "Begin behind so many bytes");
  add_size(*command, "--size", cat->size, "Print at most so many bytes");
  on_run(*command, [=, &globals] { print_content(globals, *cat); });
}

}  // namespace xylem::cli
