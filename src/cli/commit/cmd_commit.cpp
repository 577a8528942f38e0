#include <fmt/format.h>

#include "cli/commit/cmd_commit.hpp"
#include "cli/commit/commit_request.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/interrupt.hpp"
#include "repo/repo.hpp"
#include "tree/commit/consumption.hpp"

namespace xylem::cli {

namespace {

void print_table(const tree::CommitOutcome& outcome, const repo::IngestStats& stats) {
  fmt::print("Commit: {}\n", outcome.commit.hex());
  fmt::print("Metadata Total: {}\n", outcome.metadata_total);
  fmt::print("Metadata Written: {}\n", stats.metadata_written);
  fmt::print("Content Total: {}\n", outcome.content_total);
  fmt::print("Content Written: {}\n", stats.content_written);
  fmt::print("Content Cache Hits: {}\n", outcome.cache_hits);
  fmt::print("Content Bytes Written: {}\n", stats.content_bytes_written);
}

void sign(repo::Transaction& transaction, const Checksum& commit, const SigningOptions& options) {
  if (options.empty()) return;
  const auto bytes = transaction.try_load_metadata({commit, object::ObjectType::Commit});
  const auto detached = transaction.try_load_metadata({commit, object::ObjectType::CommitMeta});
  object::Dict metadata;
  if (detached) metadata = object::parse_dict_object(*detached, "detached metadata");
  transaction.ingest().write_commitmeta(
      commit, object::serialize_dict_object(add_signatures(metadata, bytes.value(), options)));
}

std::optional<Checksum> tip_of(const repo::Repo& repo, const CommitOptions& options) {
  if (options.branch.empty()) return std::nullopt;
  return repo::find_ref(repo, object::RefSpec::parse(options.branch));
}

/// The branch must be where it was when the commit was begun: what somebody else has committed
/// meanwhile would drop out of its history.
void set_branch(repo::Transaction& transaction, const std::string& branch, const Checksum& commit,
                const std::optional<Checksum>& before) {
  const auto spec = object::RefSpec::parse(branch);
  transaction.set_ref(spec, commit, [=](const std::optional<Checksum>& now) {
    if (now == before || now == commit) return;
    throw Error(
        ErrorKind::Conflict,
        fmt::format("Branch {} was {} by another process meanwhile: commit {} is stored, "
                    "and has no ref",
                    branch, now ? "moved to commit " + now->hex() : "deleted", commit.hex()))
        .hint("commit again, on top of what is there now");
  });
}

void run(const Globals& globals, const CommitOptions& options) {
  repo::Repo repo = open_writable_repo(globals);
  const InterruptWatcher interrupt;
  const std::optional<Checksum> before = tip_of(repo, options);
  tree::CommitRequest request = make_commit_request(repo, options);
  request.cancel = interrupt.token();

  repo::TransactionOptions transaction_options;
  if (!options.fsync) transaction_options.fsync = repo::FsyncMode::Off;
  repo::Transaction transaction(repo, transaction_options, request.cancel);
  const tree::CommitOutcome outcome = tree::commit_tree(transaction, request);
  repo::IngestStats stats;
  if (!outcome.skipped) {
    repo::EditLock detached;
    if (!options.signing.empty()) detached = repo.edit_lock(repo::Edited::Detached);
    sign(transaction, outcome.commit, options.signing);
    if (!options.branch.empty() && globals.program == "ostree")  // There, who is last wins.
      transaction.set_ref(object::RefSpec::parse(options.branch), outcome.commit);
    else if (!options.branch.empty())
      set_branch(transaction, options.branch, outcome.commit, before);
    stats = transaction.commit();
  }
  tree::consume(outcome.seen);

  if (options.table_output)
    print_table(outcome, stats);
  else
    fmt::print("{}\n", outcome.commit.hex());
}

}  // namespace

void add_commit(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<CommitOptions>();
  CLI::App* command = add_command(app, globals, "commit", "Commit a new revision", "[PATH]");
  declare_commit_options(*command, *options);
  on_run(*command, [=, &globals] { run(globals, *options); });
}

}  // namespace xylem::cli
