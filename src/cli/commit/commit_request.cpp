#include "cli/commit/commit_request.hpp"

#include <fmt/format.h>

#include "cli/commit/commit_metadata.hpp"
#include "cli/commit/message_editor.hpp"
#include "cli/commit/pathname_filter.hpp"
#include "cli/commit/selinux_labels.hpp"
#include "cli/frame/input_file.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/time/parse_time.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

void check_options(const CommitOptions& options) {
  if (options.branch.empty() && !options.orphan)
    throw UsageError("A branch must be specified with --branch, or use --orphan");
  for (const auto& [id, name] :
       {std::pair(options.owner_uid, "--owner-uid"), std::pair(options.owner_gid, "--owner-gid")})
    if (options.canonical_permissions && id > 0)
      throw UsageError(
          fmt::format("Cannot specify both --canonical-permissions and non-zero {}", name));
  if (options.selinux_policy && options.selinux_policy_from_base)
    throw UsageError("Cannot specify both --selinux-policy and --selinux-policy-from-base");
  if (!options.unsupported.empty())
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} is not supported", options.unsupported.front()));
}

std::optional<Checksum> find_parent(const repo::Repo& repo, const CommitOptions& options) {
  if (options.parent == "none") return std::nullopt;
  if (!options.parent.empty()) return Checksum::parse(options.parent);
  if (options.orphan) return std::nullopt;
  return repo::try_resolve_rev(repo, options.branch);
}

tree::TreeSource parse_tree(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    throw UsageError(fmt::format("Missing type in tree specification '{}'", text));
  const std::string type = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  if (type == "dir") return {tree::TreeSource::Kind::Dir, value};
  if (type == "ref") return {tree::TreeSource::Kind::Ref, value};
  if (type == "tar") return {tree::TreeSource::Kind::Tar, value};
  throw UsageError(fmt::format("Invalid tree type specification '{}'", type));
}

std::vector<tree::TreeSource> parse_trees(const CommitOptions& options) {
  if (options.trees.empty())
    return {{tree::TreeSource::Kind::Dir, options.path.empty() ? "." : options.path}};
  std::vector<tree::TreeSource> trees;
  for (const std::string& text : options.trees) trees.push_back(parse_tree(text));
  return trees;
}

/// A number in decimal or behind "0x", as libostree reads it: "0755" is no octal number.
std::uint32_t parse_mode(const std::string& text) {
  return static_cast<std::uint32_t>(
      static_cast<std::int32_t>(g_ascii_strtod(text.c_str(), nullptr)));
}

/// "MODE PATH" adds bits, "=MODE PATH" sets them all.
void read_statoverride(const std::string& path, tree::CommitModifier& modifier) {
  for (const std::string& line : read_lines(path)) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos)
      throw Error(ErrorKind::InvalidArgument, "Malformed statoverride file (no space found)");
    const std::string target = line.substr(space + 1);
    if (line.starts_with('='))
      modifier.mode_values[target] = parse_mode(line.substr(1));
    else
      modifier.mode_adds[target] = parse_mode(line);
  }
}

tree::CommitModifier make_modifier(const CommitOptions& options) {
  tree::CommitModifier modifier;
  modifier.owner_uid = owner_id(options.owner_uid);
  modifier.owner_gid = owner_id(options.owner_gid);
  modifier.no_xattrs = options.no_xattrs;
  modifier.canonical_permissions = options.canonical_permissions;
  modifier.read_only_executables = options.read_only_executables;
  modifier.consume = options.consume;
  modifier.link_checkout_speedup = options.link_checkout_speedup;
  modifier.devino_canonical = options.devino_canonical;
  modifier.generate_sizes = options.generate_sizes;
  if (options.statoverride) read_statoverride(*options.statoverride, modifier);
  if (options.skip_list) {
    const auto paths = read_lines(*options.skip_list);
    modifier.skip_paths.insert(paths.begin(), paths.end());
  }
  return modifier;
}

std::optional<std::uint64_t> parse_timestamp(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto seconds = parse_time(*text, std::time(nullptr));
  if (!seconds) throw UsageError(fmt::format("Could not parse '{}'", *text));
  return static_cast<std::uint64_t>(*seconds);
}

CommitMessage message_of(const CommitOptions& options) {
  CommitMessage message{options.subject,
                        options.body_file ? read_input_file(*options.body_file) : options.body};
  return options.editor ? edit_message(options.branch, message) : message;
}

}  // namespace

tree::CommitRequest make_commit_request(const repo::Repo& repo, const CommitOptions& options) {
  check_options(options);
  tree::CommitRequest request;
  request.parent = find_parent(repo, options);
  if (!options.base.empty()) request.base = repo::resolve_rev(repo, options.base);
  request.trees = parse_trees(options);
  request.archives.autocreate_parents = options.tar_autocreate_parents;
  if (options.tar_pathname_filter)
    request.archives.rename = make_pathname_filter(*options.tar_pathname_filter);
  request.modifier = make_modifier(options);
  request.modifier.labelling = {find_selinux_policy(repo, options, request),
                                options.selinux_labeling_epoch >= 1};
  CommitMessage message = message_of(options);
  request.subject = std::move(message.subject);
  request.body = std::move(message.body);
  request.timestamp = parse_timestamp(options.timestamp);
  request.metadata = commit_metadata(repo, options, request.parent);
  request.detached_metadata = detached_metadata(options);
  request.bind = !options.no_bindings;
  request.bind_refs = options.bind_refs;
  if (!options.branch.empty()) request.bind_refs.push_back(options.branch);
  request.bootable = options.bootable;
  request.skip_if_unchanged = options.skip_if_unchanged;
  return request;
}

}  // namespace xylem::cli
