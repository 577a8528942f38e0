#include "pull/request.hpp"

#include <fmt/format.h>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

void require(bool condition, std::string message) {
  if (!condition) throw Error(ErrorKind::InvalidArgument, std::move(message));
}

void validate_deltas(const PullOptions& options) {
  require(!(options.disable_static_deltas && options.require_static_deltas),
          "--disable-static-deltas and --require-static-deltas exclude each other");
}

void validate_source(const PullOptions& options) {
  require(!options.remote.empty() || options.local_repository,
          "A remote, or a repository on this machine, must be given");
  if (!options.remote.empty()) object::validate_remote_name(options.remote);
  if (options.collection_id) object::validate_collection_id(*options.collection_id);
  require(!(options.local_repository && options.url), "A local repository has no --url");
  const bool gpg = options.gpg_verify.value_or(false) || options.gpg_verify_summary.value_or(false);
  require(!gpg || !options.remote.empty(), "Must specify remote name to enable GPG verification");
}

}  // namespace

RefRequest parse_ref_request(const std::string& text) {
  if (const auto commit = Checksum::from_hex(text)) return {std::nullopt, commit, text};
  const std::size_t at = text.find('@');
  RefRequest request{text.substr(0, at), std::nullopt, text};
  object::validate_ref(*request.ref);
  if (at != std::string::npos) request.commit = Checksum::parse(text.substr(at + 1));
  return request;
}

void validate(const PullOptions& options) {
  require(options.depth >= -1,
          fmt::format("--depth={} is not possible: 0 or more, or -1 for all", options.depth));
  const bool timestamps = options.timestamp_check || options.timestamp_check_strict;
  require(!timestamps || options.depth == 0, "--timestamp-check and --depth exclude each other");
  require(options.subpaths.empty() || !options.commit_metadata_only,
          "--subpath and --commit-metadata-only exclude each other");
  require(options.update_frequency.count() > 0, "--update-frequency must be more than 0");
  validate_deltas(options);
  validate_source(options);
  for (const std::string& text : options.refs) parse_ref_request(text);
}

}  // namespace xylem::pull
