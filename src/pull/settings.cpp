#include "pull/settings.hpp"

#include <fmt/format.h>

namespace xylem::pull {

repo::TransactionOptions transaction_options(const PullOptions& options, const Messages& messages) {
  repo::TransactionOptions result;
  if (options.disable_fsync)
    result.fsync = repo::FsyncMode::Off;
  else if (options.per_object_fsync)
    result.fsync = repo::FsyncMode::PerObject;
  result.require_bare_user_only_files = options.bareuseronly_files;
  result.share_staging = true;
  result.on_bad_parent_object = [&messages](const object::ObjectName& name, const Error& error) {
    messages.tell({.code = PullMessage::Code::ObjectRefetched,
                   .text = fmt::format("{}; {} is fetched", error.what(), name.text()),
                   .is_warning = true,
                   .source = error.details().path});
  };
  const bool held_back = options.limit_rate.bytes_per_second() != 0 || options.max_bytes != 0;
  result.pace = held_back ? repo::Pace::HeldBack : repo::Pace::Full;
  return result;
}

void tell_signatures(PullObserver* observer, const Checksum& commit, const sign::Report& report) {
  if (observer == nullptr) return;
  for (const sign::Finding& finding : report.findings)
    observer->on_signature({.commit = commit.hex(),
                            .engine = std::string(name(report.engine)),
                            .valid = finding.verdict == sign::Verdict::Valid,
                            .verdict = std::string(name(finding.verdict)),
                            .key = finding.key,
                            .text = finding.text});
}

CommitPuller::Settings commit_settings(const PullOptions& options, const repo::Remote& remote,
                                       const sign::Requirement& requirement) {
  CommitPuller::Settings settings;
  settings.depth = options.depth;
  settings.commit_only = options.commit_metadata_only;
  settings.verify_bindings = !options.disable_verify_bindings;
  settings.everything = options.subpaths.empty();
  settings.collection_id = remote.collection_id;
  settings.max_metadata_size = options.max_metadata_size;
  settings.signatures = requirement;
  return settings;
}

}  // namespace xylem::pull
