#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/os.hpp"
#include "base/stream.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/objects/cmd_objects.hpp"
#include "cli/objects/open_store.hpp"
#include "cli/progress/json_text.hpp"
#include "repo/disk/random_name.hpp"

namespace xylem::cli {

namespace {

struct AddCommand {
  std::optional<std::string> file;
  std::string name;
  std::string mode;
  NewObject object;
  IngestCommit commit;
  std::optional<std::string> symlink;
  bool json = false;
};

std::uint32_t parse_octal_mode(const std::string& text) {
  constexpr std::uint32_t most = 07777;
  std::uint32_t mode = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '7' || mode > most)
      throw UsageError(fmt::format("Invalid value {} for --mode: octal digits are wanted", text));
    mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  }
  if (mode > most) throw UsageError(fmt::format("Invalid value {} for --mode", text));
  return mode;
}

NewObject object_of(const AddCommand& add) {
  NewObject object = add.object;
  if (add.symlink) {
    object.mode = S_IFLNK | 0777;
    object.symlink_target = *add.symlink;
  } else if (!add.mode.empty()) {
    object.mode = S_IFREG | parse_octal_mode(add.mode);
  }
  return object;
}

/// The input behind what an earlier, interrupted run has added of it: the hash tells whether these
/// belong together.
void copy_rest(FileDescriptor input, ObjectIngest& ingest, const CancelToken& cancel) {
  Bytes buffer(stream_buffer_size);
  std::uint64_t skip = ingest.size();
  while (const std::size_t count = os::read_some(input, buffer)) {
    cancel.check();
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip, count));
    skip -= skipped;
    ingest.write(ByteView(buffer).subspan(skipped, count - skipped));
  }
  if (skip > 0) ingest.truncate(ingest.size() - skip);
}

void copy_input(const AddCommand& add, ObjectIngest& ingest, const CancelToken& cancel) {
  if (add.symlink) return;
  if (!add.file || *add.file == "-") return copy_rest(FileDescriptor(STDIN_FILENO), ingest, cancel);
  const UniqueFd file = os::open({FileDescriptor::cwd(), *add.file}, O_RDONLY);
  copy_rest(file, ingest, cancel);
}

std::string add_under_name(ObjectStore& store, const AddCommand& add, const std::string& name) {
  const InterruptWatcher interrupt;
  ObjectIngest ingest = store.ingest(name, object_of(add));
  copy_input(add, ingest, interrupt.token());
  return ingest.commit(add.commit);
}

/// Without a name of the user's nobody could go on with it.
std::string add_once(ObjectStore& store, const AddCommand& add) {
  const std::string name = repo::random_name("add-");
  try {
    return add_under_name(store, add, name);
  } catch (const std::exception&) {
    try {
      store.abort_ingest(name);
    } catch (const Error&) {
      // It is gone already; the first error is the one to report.
    }
    throw;
  }
}

void run(const CLI::App& command, const Globals& globals, const AddCommand& add) {
  if (add.symlink && (add.file || !add.mode.empty()))
    usage_error(command, "--symlink goes with neither FILE nor --mode");
  ObjectStore store = open_store(globals);
  const std::string object =
      add.name.empty() ? add_once(store, add) : add_under_name(store, add, add.name);
  if (!add.json) return fmt::print("{}\n", object);
  print_json_line({{"object", object}, {"bytes", store.info(object).bytes}});
}

void add_options(CLI::App& command, AddCommand& add) {
  add_value(command, "--kind", add.object.kind,
            "What the bytes are: file (the default), dirtree, dirmeta or commit", "KIND");
  add_value(command, "--mode", add.mode, "Permissions of the file, in octal (default: 0644)",
            "MODE");
  add_integer(command, "--uid", add.object.uid, {}, "Owner of the file (default: 0)", "UID");
  add_integer(command, "--gid", add.object.gid, {}, "Group of the file (default: 0)", "GID");
  add_value(command, "--symlink", add.symlink, "Add a symlink to TARGET", "TARGET");
  add_value(command, "--name", add.name,
            "Name under which it can be gone on with after an interruption", "NAME");
  add_value(command, "--expect", add.commit.expected, "Refuse it unless this is its checksum",
            "CHECKSUM");
  add_value(
      command, "--size",
      [&add](const std::string& text) { add.commit.size = parse_size("--size", text); },
      "Refuse it unless it has so many bytes", "SIZE");
  add_flag(command, "--keep", add.commit.keep_if_wrong,
           "Keep the bytes of what was refused, to be gone on with");
  add_value(command, "--lease", add.commit.lease, "A lease that shall keep it", "LEASE");
  add_flag(command, "--json", add.json, "Print the result as one JSON object");
}

}  // namespace

void add_objects_add(CLI::App& group, Globals& globals) {
  auto add = std::make_shared<AddCommand>();
  CLI::App* command = add_command(group, globals, "add", "Add one object", "[FILE]");
  add_arguments(*command, "file", add->file);
  add_options(*command, *add);
  on_run(*command, [=, &globals] { run(*command, globals, *add); });
}

}  // namespace xylem::cli
