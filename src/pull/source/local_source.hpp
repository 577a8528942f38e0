#pragma once

#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"

namespace xylem::pull {

/// A repository on this machine: objects are linked, copied or converted.
class LocalSource : public ObjectSource {
 public:
  struct Settings {
    repo::Trust trust = repo::Trust::Verify;
    /// Commits are wanted with their whole trees: a partial one is refused before anything of it is
    /// imported.
    bool whole = true;
  };

  /// `source` is borrowed, and locked by the caller.
  LocalSource(const repo::Repo& source, Settings settings, const PullContext& context)
      : source_(source), settings_(settings), context_(context) {}

  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override;
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;
  bool try_share(const object::ObjectName& commit) override;

 private:
  void import(const object::ObjectName& name);

  const repo::Repo& source_;
  Settings settings_;
  PullContext context_;
};

/// Imports `name` from the first of `repo` and its parents that has it.
bool import_from(repo::Transaction& transaction, const repo::Repo& repo,
                 const object::ObjectName& name, repo::Trust trust);

}  // namespace xylem::pull
