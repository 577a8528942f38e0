#pragma once

/// \file
/// What to pull and how, what is told meanwhile, and what came of it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "xylem/rate_limit.hpp"

namespace xylem {

/// Everything a pull can be told; the defaults are those of `ostree pull`. Only `remote` (or
/// `local_repository`) must be set. A combination that makes no sense is refused with
/// Error(InvalidArgument) before anything is fetched.
struct PullOptions {
  /// Name of a configured remote. With `local_repository` only the namespace that refs are written
  /// to; empty writes them to refs/heads/.
  std::string remote;
  /// Path of a repository on this machine to pull from, in place of a remote's URL.
  std::optional<std::string> local_repository;
  /// Each a ref, `ref@checksum`, or a commit's checksum. Empty: the `branches` of the remote's
  /// configuration; with `mirror` or `local_repository`, all refs.
  std::vector<std::string> refs;
  /// Use this URL instead of the configured one.
  std::optional<std::string> url;

  /// Of the refs, in place of the remote's collection-id: they are looked up in this collection,
  /// and a mirror keeps them there.
  std::optional<std::string> collection_id;
  /// For a ref of a collection, the remote whose keys must have signed its commits, in place of
  /// those of the remote that it is pulled from.
  struct RefKeyring {
    std::string collection_id;
    std::string ref;
    std::string remote;
  };
  std::vector<RefKeyring> ref_keyring_map;

  /// The remote's summary and its signature as the caller has them, in place of what the server
  /// has; they are verified as if it had sent them.
  struct GivenSummary {
    std::string summary;
    std::optional<std::string> signature;
  };
  std::optional<GivenSummary> given_summary;

  /// Write refs where the source has them, and copy its summary last.
  bool mirror = false;
  /// Only the commit objects; they stay marked partial.
  bool commit_metadata_only = false;
  /// Link or copy from repositories on this machine without checking the objects.
  bool trusted = false;
  /// Do not check what comes over HTTP; takes effect for mirror into an archive repository.
  bool http_trusted = false;
  /// Refuse files whose mode a bare-user-only repository cannot keep.
  bool bareuseronly_files = false;
  /// Report what would be transferred and stop.
  bool dry_run = false;
  /// Absolute paths; only what is below them is pulled, and the commit stays marked partial.
  std::vector<std::string> subpaths;
  /// How many parents to pull too; -1 is all of them.
  int depth = 0;
  /// Paths of repositories that are looked into before the network.
  std::vector<std::string> localcache_repos;

  /// Refuse a commit that is older than the one the ref has.
  bool timestamp_check = false;
  /// As above, and refuse another commit of the same time; the remote's configuration
  /// (`timestamp-check=strict`) can ask for either, too.
  bool timestamp_check_strict = false;
  /// Refuse a commit that is older than this one.
  std::optional<std::string> timestamp_check_from_rev;
  bool disable_verify_bindings = false;
  /// In place of the remote's configuration.
  std::optional<bool> gpg_verify;
  std::optional<bool> gpg_verify_summary;
  /// Do not verify ed25519 and spki signatures of commits, whatever the configuration says.
  bool disable_sign_verify = false;
  bool disable_sign_verify_summary = false;
  /// Directory with trusted.<engine>, revoked.<engine> and directories of these names with ".d"
  /// behind, in place of /etc/ostree and /usr/share/ostree.
  std::optional<std::string> keys_dir;

  /// Fetch object by object, whatever the remote's configuration says.
  bool disable_static_deltas = false;
  /// Only fetch commits that a static delta leads to: without one, or if a part of it cannot be
  /// used, the pull fails. Else a delta is used where it costs less, and never needed.
  bool require_static_deltas = false;

  /// Take from the pull, and from what it starts, the right to write anywhere but in the repository
  /// (and to `cache_dir` and `trace_file`), by the kernel's Landlock, and to make system calls that
  /// it does not need, by seccomp. Keys are read before. The calling thread keeps its rights.
  /// Error(Unsupported) where the kernel has no Landlock; a warning where it has no seccomp.
  bool sandbox = false;

  /// Write no refs, and leave the summary of a mirror alone. Commits are checked as for the refs
  /// that they are pulled for, and the result says what these would be.
  bool keep_refs = false;
  /// The caller holds the lock of the repository, shared or not, until the pull is over; none is
  /// taken then. Two holders within one process would wait for each other.
  bool caller_holds_lock = false;

  bool disable_fsync = false;
  bool per_object_fsync = false;

  std::vector<std::pair<std::string, std::string>> http_headers;
  /// What requests call themselves; empty is "libostree/VERSION", which servers of OSTree
  /// repositories know.
  std::string user_agent;
  /// Put behind it.
  std::string append_user_agent;
  /// How often a request is tried again after a failure that may pass.
  unsigned network_retries = 5;
  bool retry_all_network_errors = true;
  /// If all transfers from a server together bring less than this many bytes a second for this many
  /// seconds they are given up, and tried again; 0 is never. Who has a mirror to go to wants 1000
  /// at least.
  std::uint32_t low_speed_limit_bytes = 1;
  std::uint32_t low_speed_time_seconds = 30;
  /// Of all downloads together; may be changed while the pull runs, from any thread. Other pulls of
  /// the repository do not wait for one that begins with a limit.
  RateLimit limit_rate;
  /// When this many bytes have come the pull ends with Error(Cancelled), keeps what it has, and can
  /// be gone on with later; 0 is no limit.
  std::uint64_t max_bytes = 0;
  /// The pull ends with Error(Timeout) if it takes longer; 0 is no limit.
  std::chrono::seconds deadline{0};
  /// While the server cannot be reached, go on trying until it can, or until the deadline.
  bool wait_online = false;
  /// Gives the `Authorization` header ("Bearer …") for requests to `url`, or nothing; `refused` is
  /// the one that the server has just answered with a 401, empty at first. Called on the thread
  /// that pulls, which waits for it.
  std::function<std::optional<std::string>(const std::string& url, const std::string& refused)>
      authorization;
  /// "aws:amz:REGION:s3": requests are signed (AWS SigV4) with user name and password of the URL.
  std::string aws_sigv4;
  /// File to which one JSON object a line is appended for each request.
  std::optional<std::string> trace_file;
  /// Requests in flight at once; 0 adapts to the server.
  std::uint32_t max_outstanding_fetcher_requests = 0;
  /// Bytes; 0 is no limit.
  std::uint64_t max_metadata_size = 128ULL * 1024 * 1024;
  /// Directory for cached summaries in place of the repository's own.
  std::optional<std::string> cache_dir;

  /// Time between two calls of PullObserver::on_progress.
  std::chrono::milliseconds update_frequency{1000};
};

/// State of a running pull. Numbers only grow.
struct PullProgress {
  enum class Phase {
    Resolving,  ///< Summary, refs, commits.
    Scanning,   ///< Fetching metadata; totals are not known yet.
    Fetching,   ///< All metadata is there; only content is left.
    Writing,    ///< Making it durable and visible.
    Done,
  };
  Phase phase = Phase::Resolving;
  std::chrono::steady_clock::duration elapsed{};
  std::uint64_t bytes_transferred = 0;   ///< From the network.
  std::uint64_t metadata_fetched = 0;    ///< Objects.
  std::uint64_t metadata_requested = 0;  ///< So far.
  std::uint64_t content_fetched = 0;
  std::uint64_t content_requested = 0;  ///< So far; final from phase Fetching on.
  std::uint64_t content_imported = 0;   ///< From repositories on this machine.
  std::uint64_t scanned_metadata = 0;   ///< Metadata objects looked at.
  /// Bytes of all files requested so far, fetched or not, if the commits tell (`ostree.sizes`).
  std::optional<std::uint64_t> bytes_expected;
  /// Bytes still to come, of delta parts or, from phase Fetching on, of content: by `ostree.sizes`,
  /// announced lengths, and for the rest the mean of the files so far. nullopt: nothing to go by.
  std::optional<std::uint64_t> bytes_left;
  bool bytes_left_estimated = false;        ///< The mean was needed.
  std::uint64_t delta_parts_fetched = 0;    ///< Of static deltas.
  std::uint64_t delta_parts_requested = 0;  ///< So far.
  std::uint64_t bytes_staged = 0;     ///< Content that the pull has written to staging, inflated.
  std::uint64_t bytes_downloads = 0;  ///< What its downloads that are not complete take on disk.
};

/// Stable lower-case name: "resolving", "scanning", "fetching", "writing", "done".
const char* name(PullProgress::Phase phase) noexcept;

/// One signature of a commit, looked at.
struct SignatureResult {
  std::string commit;   ///< Checksum.
  std::string engine;   ///< "gpg", "ed25519", "spki".
  bool valid = false;   ///< Made by a trusted key, and nothing speaks against it.
  std::string verdict;  ///< "valid", "unknown key", "expired key", …
  std::string key;      ///< Its ID or fingerprint, as far as known.
  std::string text;     ///< For people.
};

/// Something to be told while a pull runs, which goes on.
struct PullMessage {
  enum class Code {
    SourceDropped,       ///< A local cache, or another source, is not asked any more in this pull.
    MirrorSwitched,      ///< A mirror failed: the next one is asked.
    Retry,               ///< A request failed, and is sent again.
    ObjectRefetched,     ///< A copy of an object is damaged or unreadable: it comes from elsewhere.
    DeltaPlan,           ///< What a static delta costs, and whether it is used.
    DeltaUnusable,       ///< A static delta was refused: its objects are fetched one by one.
    DeltaPartFailed,     ///< A part of one was, and its objects are fetched one by one.
    DeltaSourceDamaged,  ///< An object here that a part reads from was, and is fetched again.
    Waiting,             ///< Another pull of this repository fetches the same: it is waited for.
  };
  Code code = Code::Retry;
  std::string text;         ///< For people: one sentence that names source and reason.
  bool is_warning = false;  ///< Something is not as it should be.
  std::string source = {};  ///< Path, or URL without credentials, of what failed, if it has one.
  std::string reason = {};  ///< Of a request that failed, without its URL.
  int attempt = 0;          ///< How often the same was asked for already; 0 if it is no request.
  std::int64_t pid = 0;     ///< Of the process that is waited for; 0 if it is not known.
};

/// Stable lower-case name, for programs: "source-dropped", "mirror-switched", "retry",
/// "object-refetched", "delta-plan", "delta-unusable", "delta-part-failed",
/// "delta-source-damaged", "waiting".
const char* name(PullMessage::Code code) noexcept;

/// Told what happens. Calls come one after the other, on a thread of the pull; they should return
/// soon, and must not throw.
class PullObserver {
 public:
  virtual ~PullObserver() = default;
  virtual void on_progress(const PullProgress&) {}
  /// Something that a person or a program may want to know while the pull goes on.
  virtual void on_message(const PullMessage&) {}
  /// For each signature that is looked at, also of a commit that is refused then.
  virtual void on_signature(const SignatureResult&) {}
};

/// What a pull has to fetch, and what that needs on disk.
struct PullPlan {
  /// Where the bytes are known from.
  enum class Basis {
    Sizes,     ///< The commits (`ostree.sizes`), or a source on this machine.
    Delta,     ///< The headers of static deltas.
    Estimate,  ///< What the objects weigh that are in the repository.
    Unknown,   ///< Nobody can tell.
  };
  Basis basis = Basis::Unknown;
  std::uint64_t metadata_objects = 0;  ///< A dry run fetches these, too.
  std::uint64_t content_objects = 0;
  std::optional<std::uint64_t> bytes_to_fetch;  ///< Of content, from the network.
  std::optional<std::uint64_t> bytes_on_disk;   ///< Of content, at most, while the pull runs.
  std::uint64_t bytes_available = 0;            ///< On the file system, without the reserve.
};

/// Stable lower-case name: "sizes", "delta", "estimate", "unknown".
const char* name(PullPlan::Basis basis) noexcept;

struct PulledRef {
  std::string ref;       ///< As asked for.
  std::string commit;    ///< Its checksum.
  bool changed = false;  ///< The ref pointed elsewhere, or nowhere, before.
};

struct PullResult {
  std::vector<PulledRef> refs;
  std::uint64_t metadata_fetched = 0;
  std::uint64_t content_fetched = 0;
  std::uint64_t content_imported = 0;
  std::uint64_t metadata_imported = 0;
  std::uint64_t bytes_transferred = 0;
  std::uint64_t bytes_written = 0;  ///< Content, inflated.
  std::uint64_t bytes_resumed = 0;  ///< That partial files of before saved.
  std::uint64_t requests = 0;       ///< To servers, with retries.
  std::uint64_t retries = 0;        ///< Of the requests.
  bool local = false;               ///< The source was a repository on this machine.
  /// Of a dry run: files that would be fetched, and their bytes if the commits tell.
  std::uint64_t content_requested = 0;
  std::optional<std::uint64_t> bytes_expected;
  std::uint64_t delta_parts_fetched = 0;
  /// Of a dry run: parts of static deltas that would be fetched, their bytes, and those of the
  /// objects that they make.
  std::uint64_t delta_parts_requested = 0;
  std::uint64_t delta_bytes_requested = 0;
  std::uint64_t delta_content_bytes = 0;
  PullPlan plan;
  std::chrono::steady_clock::duration elapsed{};
};

}  // namespace xylem
