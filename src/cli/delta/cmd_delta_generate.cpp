#include <fmt/format.h>

#include <set>

#include "cli/delta/cmd_static_delta.hpp"
#include "cli/delta/generate_text.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/values.hpp"
#include "cli/shared/signing.hpp"
#include "object/names/names.hpp"
#include "repo/refs/refs.hpp"

namespace xylem::cli {

namespace {

/// What --max-bsdiff-size and the like may be: libostree keeps such numbers in 32 bits.
constexpr IntegerRange megabytes{0, 0xffffffff};

struct GenerateCommand {
  std::vector<std::string> arguments;
  std::vector<std::string> to;
  std::vector<std::string> from;
  bool all_refs = false;
  bool empty = false;
  unsigned from_depth = 0;
  bool is_inline = false;
  bool if_not_exists = false;
  bool disable_patches = false;
  bool swap_order = false;
  bool json = false;
  std::string order = "l";
  std::uint64_t min_fallback = 4;
  std::uint64_t max_patched = 128;
  std::uint64_t max_part = 32;
  std::uint64_t max_memory = 0;
  std::uint64_t for_memory = 0;
  unsigned jobs = 0;
  std::string filename;
  SigningOptions signing;
};

/// libostree's default is the order of the machine; ours is the one that nearly all machines have.
delta::ByteOrder order_of(const GenerateCommand& generate) {
  using delta::ByteOrder;
  const auto order =
      generate.order.size() == 1
          ? delta::byte_order_of_tag(static_cast<std::uint8_t>(generate.order.front()))
          : std::nullopt;
  if (!order)
    throw Error(ErrorKind::InvalidArgument, fmt::format("Invalid endianness '{}'", generate.order))
        .hint("--set-endianness takes l (little) or B (big).");
  if (!generate.swap_order) return *order;
  return *order == ByteOrder::Little ? ByteOrder::Big : ByteOrder::Little;
}

delta::GenerateOptions options_of(const GenerateCommand& generate) {
  delta::GenerateOptions options{.is_inline = generate.is_inline,
                                 .if_not_exists = generate.if_not_exists,
                                 .disable_patches = generate.disable_patches,
                                 .order = order_of(generate),
                                 .min_fallback_size = generate.min_fallback * delta::megabyte,
                                 .max_patched_size = generate.max_patched * delta::megabyte,
                                 .max_part_size = generate.max_part * delta::megabyte,
                                 .filename = generate.filename,
                                 .for_memory = generate.for_memory,
                                 .threads = generate.jobs,
                                 .max_memory = generate.max_memory};
  if (!generate.signing.empty())
    options.sign = [signing = generate.signing](ByteView superblock) {
      return add_signatures({}, superblock, signing);
    };
  return options;
}

/// Refs that cannot be read come into `unreadable`.
std::vector<Checksum> targets_of(const repo::Repo& repo, const GenerateCommand& generate,
                                 ErrorList& unreadable) {
  std::set<Checksum> seen;
  std::vector<Checksum> targets;
  const auto add = [&](const Checksum& commit) {
    if (seen.insert(commit).second) targets.push_back(commit);
  };
  for (const auto& list : {generate.to, generate.arguments})
    for (const std::string& rev : list) add(repo::resolve_rev(repo, rev));
  const auto note = [&](const object::RefSpec&, const Error& error) { unreadable.add(error); };
  if (generate.all_refs)
    for (const auto& [spec, entry] : repo::list_refs(repo, {}, note)) add(entry.commit);
  if (targets.empty() && !generate.all_refs)
    throw Error(ErrorKind::InvalidArgument, "TO revision must be specified");
  return targets;
}

std::optional<Checksum> parent_of(const repo::Repo& repo, const Checksum& commit) {
  if (!repo.has({commit, object::ObjectType::Commit})) return std::nullopt;
  return repo.load_commit(commit).parent;
}

/// At most so many of the commits before it that are here.
std::vector<std::optional<Checksum>> ancestors_of(const repo::Repo& repo, const Checksum& commit,
                                                  unsigned depth) {
  std::vector<std::optional<Checksum>> ancestors;
  auto parent = parent_of(repo, commit);
  for (; parent && ancestors.size() < depth; parent = parent_of(repo, *parent))
    if (repo.has({*parent, object::ObjectType::Commit})) ancestors.emplace_back(*parent);
  return ancestors;
}

[[noreturn]] void refuse_without_start(const repo::Repo& repo, const Checksum& to) {
  const auto parent = repo.load_commit(to).parent;
  const std::string why = parent
                              ? fmt::format("Commit {}, the parent of {}, is not in the repository",
                                            parent->hex(), to.hex())
                              : fmt::format("Commit {} has no parent", to.hex());
  throw Error(ErrorKind::NotFound, why)
      .hint("Name where the delta begins with --from=REV, or use --empty.");
}

/// Where the deltas to a commit begin; an entry without value is a delta from nothing.
std::vector<std::optional<Checksum>> starts_of(const repo::Repo& repo, const Checksum& to,
                                               const GenerateCommand& generate) {
  if (generate.empty) return {std::nullopt};
  std::vector<std::optional<Checksum>> starts;
  for (const std::string& rev : generate.from) starts.emplace_back(repo::resolve_rev(repo, rev));
  if (!starts.empty()) return starts;
  starts = ancestors_of(repo, to, std::max(1U, generate.from_depth));
  if (starts.empty() && !generate.all_refs) refuse_without_start(repo, to);
  return starts;
}

/// The deltas that are asked for, in this order.
std::vector<delta::DeltaName> deltas_of(const repo::Repo& repo, const GenerateCommand& generate,
                                        ErrorList& unreadable) {
  std::vector<delta::DeltaName> names;
  for (const Checksum& to : targets_of(repo, generate, unreadable))
    for (const auto& from : starts_of(repo, to, generate)) names.push_back({from, to});
  return names;
}

void require_sense(const GenerateCommand& generate) {
  const auto refuse = [](const char* why) { throw Error(ErrorKind::InvalidArgument, why); };
  if (generate.empty && !generate.from.empty())
    refuse("Cannot specify both --empty and --from=REV");
  if (generate.from_depth > 0 && (generate.empty || !generate.from.empty()))
    refuse("Cannot specify --from-depth with --empty or --from=REV");
}

void generate_one(const repo::Repo& repo, const delta::DeltaName& name,
                  delta::GenerateOptions& options, bool json) {
  GenerateProgress progress;
  options.progress = [&](std::size_t done, std::size_t total) { progress.show(done, total); };
  const delta::GenerateReport report = delta::generate(repo, name.from, name.to, options);
  progress.clear();
  if (json) return print_json_line(generate_json(report));
  if (report.existed)
    fmt::print("Delta {} already exists.\n", name.text());
  else
    print_statistics(report);
}

void run(const Globals& globals, const GenerateCommand& generate) {
  const repo::Repo repo = open_repo(globals);
  require_sense(generate);
  ErrorList unreadable;
  const std::vector<delta::DeltaName> names = deltas_of(repo, generate, unreadable);
  if (names.size() > 1 && !generate.filename.empty())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--filename is for one delta, and {} are asked for", names.size()));
  delta::GenerateOptions options = options_of(generate);
  const InterruptWatcher interrupt;
  options.cancel = interrupt.token();
  for (const delta::DeltaName& name : names) {
    const bool exists = generate.if_not_exists && delta::exists(repo, name, generate.filename);
    if (!generate.json && !exists) announce_delta(name);
    generate_one(repo, name, options, generate.json);
  }
  unreadable.throw_if_any("Some refs could not be read");
}

void add_what(CLI::App& command, GenerateCommand& generate) {
  add_list(command, "--from", generate.from, "Create delta from revision REV", "REV");
  add_flag(command, "--empty", generate.empty, "Create delta from scratch");
  add_list(command, "--to", generate.to, "Create delta to revision REV", "REV");
  add_integer(command, "--from-depth", generate.from_depth, {1},
              "Create deltas from each of the N commits before", "N");
  add_flag(command, "--all-refs", generate.all_refs,
           "Create deltas to all refs whose commits have parents");
  add_flag(command, "-n,--if-not-exists", generate.if_not_exists,
           "Only generate if a delta does not already exist");
}

void add_how(CLI::App& command, GenerateCommand& generate) {
  add_flag(command, "--inline", generate.is_inline, "Inline delta parts into main delta");
  add_flag(command, "--disable-bsdiff", generate.disable_patches, "Disable use of bsdiff");
  add_value(command, "--set-endianness", generate.order, "Choose metadata endianness ('l' or 'B')",
            "ENDIAN");
  add_flag(command, "--swap-endianness", generate.swap_order,
           "Swap metadata endianness from host order");
  add_integer(command, "--min-fallback-size", generate.min_fallback, megabytes,
              "Minimum uncompressed size in megabytes for individual HTTP request", "MB");
  add_integer(command, "--max-bsdiff-size", generate.max_patched, megabytes,
              "Maximum size in megabytes to consider bsdiff compression for input files", "MB");
  add_integer(command, "--max-chunk-size", generate.max_part, megabytes,
              "Maximum size of delta chunks in megabytes", "MB");
  add_size(command, "--for-memory", generate.for_memory, "Memory that applying the delta may take");
  add_value(command, "--filename", generate.filename,
            "Write the superblock to PATH, or into PATH if it is a directory, with its parts "
            "beside it. If not specified, the OSTree repository is used",
            "PATH");
}

void add_resources(CLI::App& command, GenerateCommand& generate) {
  add_integer(command, "--jobs", generate.jobs, {1}, "Use N threads (default: one per processor)",
              "N");
  add_size(command, "--max-memory", generate.max_memory,
           "Memory that all threads may take together (default: half of what is free)");
  add_flag(command, "--json", generate.json, "Print each result as one JSON object");
}

void add_signing(CLI::App& command, SigningOptions& signing) {
  add_list(command, "--sign", signing.secret_keys, "Sign the delta with", "KEY_ID");
  add_list(command, "--keys-file", signing.secret_key_files, "Read key(s) from file", "NAME");
  add_value(command, "--sign-type", signing.sign_type,
            "Signature type to use (defaults to 'ed25519')", "NAME");
}

}  // namespace

void add_delta_generate(CLI::App& group, Globals& globals) {
  auto generate = std::make_shared<GenerateCommand>();
  CLI::App* command =
      add_command(group, globals, "generate", "Generate static delta files", "[TO...]");
  add_what(*command, *generate);
  add_how(*command, *generate);
  add_resources(*command, *generate);
  add_signing(*command, generate->signing);
  add_arguments(*command, "TO", generate->arguments);
  on_run(*command, [=, &globals] { run(globals, *generate); });
}

}  // namespace xylem::cli
