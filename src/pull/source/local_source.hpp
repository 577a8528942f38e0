#pragma once

#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"

namespace xylem::pull {

/// A repository on this machine: objects are linked, copied or converted.
class LocalSource : public ObjectSource {
 public:
  /// `source` is borrowed.
  LocalSource(const repo::Repo& source, repo::Trust trust, const PullContext& context)
      : source_(source), trust_(trust), context_(context) {}

  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override;
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;
  bool try_share(const object::ObjectName& commit) override;

 private:
  void import(const object::ObjectName& name);

  const repo::Repo& source_;
  repo::Trust trust_;
  PullContext context_;
};

/// Imports `name` from the first of `repo` and its parents that has it.
bool import_from(repo::Transaction& transaction, const repo::Repo& repo,
                 const object::ObjectName& name, repo::Trust trust);

}  // namespace xylem::pull
