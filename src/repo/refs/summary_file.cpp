#include "repo/refs/summary_file.hpp"

#include <algorithm>
#include <ctime>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/static_deltas.hpp"

namespace xylem::repo {

namespace {

namespace key = object::summary_key;
using object::Summary;
using object::SummaryRef;

/// 9999-12-31T23:59:59Z: libostree leaves later times out.
constexpr std::uint64_t last_timestamp = 253402300799;

SummaryRef describe_ref(const Repo& repo, const std::string& ref, const Checksum& checksum) {
  const Bytes bytes = repo.load_metadata({checksum, object::ObjectType::Commit});
  const object::Commit commit = object::parse_commit(bytes);
  object::DictBuilder metadata;
  if (commit.timestamp <= last_timestamp)
    metadata.set_be64(key::commit_timestamp, commit.timestamp);
  if (const auto version = commit.metadata.find_string(object::commit_key::version))
    metadata.set(key::commit_version, *version);
  return {ref, bytes.size(), checksum, metadata.build()};
}

/// Refs of our own collection are the main ones; those of others go into the map.
void add_collection_refs(const Repo& repo, Summary& summary) {
  const auto& own = repo.config().collection_id;
  for (const auto& [name, commit] : list_collection_refs(repo)) {
    auto& refs =
        name.collection_id == own ? summary.refs : summary.collection_map[name.collection_id];
    refs.push_back(describe_ref(repo, name.ref, commit));
  }
}

/// Never those of remotes: they are for their own server to publish.
void add_local_refs(const Repo& repo, Summary& summary) {
  for (const auto& [spec, entry] : list_refs(repo))
    if (!spec.remote) summary.refs.push_back(describe_ref(repo, spec.ref, entry.commit));
}

object::Dict describe_repo(const Repo& repo, const std::vector<delta::DeltaEntry>& deltas,
                           const object::Dict& extra) {
  const Config& config = repo.config();
  object::DictBuilder metadata(extra);
  if (!config.no_deltas_in_summary && !deltas.empty())
    metadata.set(key::static_deltas, delta::build_delta_digests(deltas));
  metadata.set_be64(key::last_modified, static_cast<std::uint64_t>(std::time(nullptr)));
  // As config has it: the alias "archive" stays what it is.
  metadata.set(key::mode, repo.key_file().find_string("core", "mode").value_or("bare"));
  metadata.set_bool(key::tombstone_commits, config.tombstone_commits);
  metadata.set_bool(key::indexed_deltas, true);
  if (config.collection_id) metadata.set(key::collection_id, *config.collection_id);
  return metadata.build();
}

std::optional<Bytes> read_file_of(const Repo& repo, const char* name, std::uint64_t limit) {
  const PathAt path{repo.dir(), name};
  if (!os::exists(path)) return std::nullopt;
  const UniqueFd fd = os::open_beneath(path, O_RDONLY | O_NONBLOCK);
  os::require_regular(fd, path);
  return os::read_file(fd, limit);
}

}  // namespace

std::optional<SummaryFiles> read_summary_files(const Repo& repo, std::uint64_t limit) {
  auto summary = read_file_of(repo, layout::summary, limit);
  if (!summary) return std::nullopt;
  return SummaryFiles{std::move(*summary), read_file_of(repo, layout::summary_signature, limit)};
}

std::optional<Bytes> read_summary(const Repo& repo, std::uint64_t limit) {
  return os::try_read_file({repo.dir(), layout::summary}, limit);
}

std::optional<Summary> load_summary(const Repo& repo) {
  const auto bytes = read_file_of(repo, layout::summary, object::default_max_metadata_size);
  if (!bytes) return std::nullopt;
  return object::parse_summary(*bytes);
}

void update_summary(Repo& repo, const object::Dict& extra, const SummarySigner& sign) {
  repo.require_writable();
  const RepoLock lock = repo.lock(os::LockMode::Shared);
  const std::vector<delta::DeltaEntry> deltas = list_deltas(repo);
  Summary summary;
  summary.metadata = describe_repo(repo, deltas, extra);
  if (!repo.config().collection_id) add_local_refs(repo, summary);
  add_collection_refs(repo, summary);
  std::ranges::sort(summary.refs, {}, &SummaryRef::ref);
  const Bytes bytes = object::serialize_summary(summary);
  std::optional<Bytes> signature;
  if (sign) signature = sign(bytes);
  write_delta_indexes(repo, deltas);
  replace_file({repo.dir(), layout::summary}, bytes, repo.config().fsync);
  const PathAt signature_file{repo.dir(), layout::summary_signature};
  if (signature)
    replace_file(signature_file, *signature, repo.config().fsync);
  else
    os::unlink(signature_file);
}

void refresh_summary(Repo& repo) {
  if (repo.config().auto_update_summary) update_summary(repo);
}

}  // namespace xylem::repo
