#pragma once

/// \file
/// Which commit a server has for a ref: its summary says, or else a file for each ref.

#include <optional>

#include "object/summary.hpp"
#include "pull/remote/ref_index.hpp"
#include "pull/remote/remote_files.hpp"
#include "pull/remote/summary_fetch.hpp"

namespace xylem::pull {

/// Fetches the summary when it is first needed, and once. Used by one coroutine at a time.
class RemoteIndex : public RefIndex {
 public:
  /// `collection_id` is that of the remote, if it has one. `files` is borrowed.
  RemoteIndex(RemoteFiles& files, SummaryCache cache, SummaryRules rules,
              std::optional<std::string> collection_id)
      : files_(files),
        fetch_(files, std::move(cache), std::move(rules)),
        collection_id_(std::move(collection_id)) {}

  /// Throws Error(NotFound) naming ref and server, Error(Corrupt) for what is no summary or no ref,
  /// Error(Unsupported) if the server's repository is not in archive mode.
  asio::awaitable<FoundRef> find_ref(std::string ref) override;
  /// Throws Error(NotFound) if the server has no summary.
  asio::awaitable<std::vector<std::string>> list_refs() override;
  asio::awaitable<DeltaListing> list_deltas(bool load) override;
  asio::awaitable<std::optional<repo::SummaryFiles>> summary_files() override;

 private:
  asio::awaitable<void> load();
  asio::awaitable<FoundRef> find_ref_file(std::string ref);
  FoundRef find_in_summary(const std::string& ref) const;
  std::string hint_for_ref(const std::string& ref) const;
  [[noreturn]] void refuse_ref(const std::string& ref, const std::string& path) const;

  RemoteFiles& files_;
  SummaryFetch fetch_;
  std::optional<std::string> collection_id_;
  bool loaded_ = false;
  repo::SummaryFiles raw_;
  std::optional<object::Summary> summary_;
};

/// A ref, for a message.
struct RefName {
  std::optional<std::string> collection_id;
  std::string ref;
};

/// A ref file's content as a checksum. Throws Error(Corrupt) that quotes the start of what came
/// instead. Pure.
Checksum parse_ref_file(ByteView content, const RefName& ref, std::string_view where);

}  // namespace xylem::pull
