#include "repo/refs/summary_file.hpp"

#include <algorithm>
#include <ctime>

#include "base/error_list.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"
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

/// A summary in the making, and the refs that are not in it.
struct Draft {
  Summary summary;
  ErrorList left_out;
};

void add_ref(const Repo& repo, const std::string& shown, const std::string& ref,
             const Checksum& commit, std::vector<SummaryRef>& refs, ErrorList& left_out) {
  left_out.attempt([&] {
    try {
      refs.push_back(describe_ref(repo, ref, commit));
    } catch (Error& error) {
      throw error.prefix("Ref " + shown);
    }
  });
}

/// Refs of our own collection are the main ones; those of others go into the map.
void add_collection_refs(const Repo& repo, Draft& draft) {
  const auto& own = repo.config().collection_id;
  const auto note = [&](const CollectionRef&, const Error& error) { draft.left_out.add(error); };
  for (const auto& [name, commit] : list_collection_refs(repo, note)) {
    auto& refs = name.collection_id == own ? draft.summary.refs
                                           : draft.summary.collection_map[name.collection_id];
    add_ref(repo, name.collection_id + ":" + name.ref, name.ref, commit, refs, draft.left_out);
  }
}

/// Never those of remotes: they are for their own server to publish.
void add_local_refs(const Repo& repo, Draft& draft) {
  const auto note = [&](const object::RefSpec& spec, const Error& error) {
    if (!spec.remote) draft.left_out.add(error);
  };
  for (const auto& [spec, entry] : list_refs(repo, {}, note))
    if (!spec.remote)
      add_ref(repo, spec.ref, spec.ref, entry.commit, draft.summary.refs, draft.left_out);
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

namespace {

/// For those who hold the lock on the summary.
void write_files(const Repo& repo, const SummaryFiles& files, bool fsync) {
  replace_file({repo.dir(), layout::summary}, files.summary, fsync);
  const PathAt signature{repo.dir(), layout::summary_signature};
  if (files.signature)
    replace_file(signature, *files.signature, fsync);
  else
    os::unlink(signature);  // the one of before is not for this summary
}

}  // namespace

void replace_summary(const Repo& repo, const SummaryFiles& files, bool fsync) {
  const EditLock lock = repo.edit_lock(Edited::Summary);
  write_files(repo, files, fsync);
}

void update_summary(Repo& repo, const object::Dict& extra, const SummarySigner& sign) {
  repo.require_writable();
  const RepoLock beside = repo.lock(os::LockMode::Shared);
  const EditLock lock = repo.edit_lock(Edited::Summary);
  const std::vector<delta::DeltaEntry> deltas = list_deltas(repo);
  Draft draft;
  draft.summary.metadata = describe_repo(repo, deltas, extra);
  if (!repo.config().collection_id) add_local_refs(repo, draft);
  add_collection_refs(repo, draft);
  std::ranges::sort(draft.summary.refs, {}, &SummaryRef::ref);
  SummaryFiles files{object::serialize_summary(draft.summary), std::nullopt};
  if (sign) files.signature = sign(files.summary);
  write_delta_indexes(repo, beside, deltas);
  write_files(repo, files, repo.config().fsync);
  draft.left_out.throw_if_any("These refs are not in the summary");
}

void refresh_summary(Repo& repo) {
  if (repo.config().auto_update_summary) update_summary(repo);
}

}  // namespace xylem::repo
