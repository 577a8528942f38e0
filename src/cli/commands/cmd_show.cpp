#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/text/object_text.hpp"
#include "cli/text/show_text.hpp"
#include "cli/text/signature_text.hpp"
#include "cli/text/variant_text.hpp"
#include "repo/read_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

using object::ObjectType;

struct ShowOptions {
  std::string object;
  bool related = false;
  std::string variant_type;
  std::optional<std::string> metadata_key;
  std::optional<std::string> detached_key;
  bool list_keys = false;
  bool list_detached_keys = false;
  bool hex = false;
  bool sizes = false;
  ObjectTextOptions text;
  GpgKeyOptions gpg;
};

object::Dict metadata_of(const repo::Repo& repo, const Checksum& commit, bool detached) {
  if (!detached) return repo.load_commit(commit).metadata;
  if (!repo.has({commit, ObjectType::CommitMeta}))
    throw Error(ErrorKind::NotFound,
                fmt::format("No detached metadata for commit {}", commit.hex()));
  return repo.load_commitmeta(commit);
}

void print_key(const object::Dict& metadata, const std::string& key, const ShowOptions& options) {
  const GVariantPtr value = metadata.find(key.c_str());
  if (!value) throw Error(ErrorKind::NotFound, fmt::format("No such metadata key '{}'", key));
  const bool is_bytes = g_variant_is_of_type(value.get(), G_VARIANT_TYPE_BYTESTRING) != FALSE;
  if (options.hex && is_bytes)
    fmt::print("{:02x}\n", fmt::join(object::bytes_of(value.get()), ""));
  else
    fmt::print("{}\n", variant_text(value.get(), !options.text.no_byteswap));
}

void list_keys(const object::Dict& metadata) {
  std::vector<std::string> keys = metadata.keys();
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) print_names(key);
}

/// A file, not an object of the repository.
void print_variant_file(const std::string& path, const std::string& type) {
  if (g_variant_type_string_is_valid(type.c_str()) == FALSE)
    throw UsageError(fmt::format("'{}' is not a GVariant type string", type));
  const UniqueFd fd = os::open({FileDescriptor::cwd(), path}, O_RDONLY);
  const Bytes bytes = os::read_file(fd, object::default_max_metadata_size);
  const GBytesPtr data(g_bytes_new(bytes.data(), bytes.size()));
  const GVariantPtr value =
      take_variant(g_variant_new_from_bytes(G_VARIANT_TYPE(type.c_str()), data.get(), FALSE));
  fmt::print("{}\n", variant_text(value.get(), true));
}

void print_object(const repo::Repo& repo, const ShowOptions& options) {
  const auto checksum = Checksum::from_hex(options.object);
  if (!checksum) {
    const object::ObjectName commit{repo::resolve_rev(repo, options.object), ObjectType::Commit};
    fmt::print("{}{}", object_text(repo, commit, options.text),
               signatures_text(repo, commit.checksum, options.gpg));
    return;
  }
  for (const ObjectType type : {ObjectType::Commit, ObjectType::DirMeta, ObjectType::DirTree}) {
    if (!repo.has({*checksum, type})) continue;
    fmt::print("{}", object_text(repo, {*checksum, type}, options.text));
    if (type == ObjectType::Commit) fmt::print("{}", signatures_text(repo, *checksum, options.gpg));
    return;
  }
  fmt::print("{}", file_text(repo, *checksum));
}

void run(const CLI::App& command, const Globals& globals, const ShowOptions& options) {
  if (options.object.empty()) usage_error(command, "An object argument is required");
  const repo::Repo repo = open_repo(globals);
  const repo::ReadLock lock(repo);
  const auto commit = [&] { return repo::resolve_rev(repo, options.object); };
  if (options.detached_key)
    print_key(metadata_of(repo, commit(), true), *options.detached_key, options);
  else if (options.metadata_key)
    print_key(metadata_of(repo, commit(), false), *options.metadata_key, options);
  else if (options.list_keys || options.list_detached_keys)
    list_keys(metadata_of(repo, commit(), options.list_detached_keys));
  else if (options.related)
    fmt::print("{}", related_text(repo, commit()));
  else if (!options.variant_type.empty())
    print_variant_file(options.object, options.variant_type);
  else if (options.sizes)
    fmt::print("{}", sizes_text(repo, commit()));
  else
    print_object(repo, options);
}

void declare_keys(CLI::App& command, ShowOptions& options) {
  add_flag(command, "--list-metadata-keys", options.list_keys, "List the available metadata keys");
  add_value(command, "--print-metadata-key", options.metadata_key,
            "Print string value of metadata key", "KEY");
  add_flag(command, "--print-hex", options.hex,
           "For byte array valued keys, output an unquoted hexadecimal string");
  add_flag(command, "--list-detached-metadata-keys", options.list_detached_keys,
           "List the available detached metadata keys");
  add_value(command, "--print-detached-metadata-key", options.detached_key,
            "Print string value of detached metadata key", "KEY");
}

}  // namespace

void add_show(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = add_command(app, globals, "show", "Output a metadata object", "OBJECT");
  add_flag(*command, "--print-related", options->related, "Show the \"related\" commits");
  add_value(*command, "--print-variant-type", options->variant_type,
            "Memory map OBJECT (in this case a filename) to the GVariant type string", "TYPE");
  declare_keys(*command, *options);
  add_flag(*command, "--print-sizes", options->sizes, "Show the commit size metadata");
  add_flag(*command, "--raw", options->text.raw, "Show raw variant data");
  add_flag(*command, "-B,--no-byteswap", options->text.no_byteswap,
           "Do not automatically convert variant data from big endian");
  add_value(*command, "--gpg-homedir", options->gpg.homedir,
            "GPG Homedir to use when looking for keyrings", "HOMEDIR");
  add_value(*command, "--gpg-verify-remote", options->gpg.remote,
            "Use REMOTE name for GPG configuration", "REMOTE");
  add_arguments(*command, "object", options->object);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
