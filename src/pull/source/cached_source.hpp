#pragma once

#include "pull/source/local_source.hpp"
#include "pull/source/object_source.hpp"

namespace xylem::pull {

/// Looks into repositories on this machine (--localcache-repo) before another source.
class CachedSource : public ObjectSource {
 public:
  CachedSource(std::unique_ptr<ObjectSource> inner, std::vector<repo::Repo> caches,
               repo::Trust trust, const PullContext& context);

  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override {
    return inner_->fetch_metadata(name, max_size);
  }
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;
  void stop() override { inner_->stop(); }

 private:
  bool import(const object::ObjectName& name);

  std::unique_ptr<ObjectSource> inner_;
  std::vector<repo::Repo> caches_;
  repo::Trust trust_;
  PullContext context_;
};

}  // namespace xylem::pull
