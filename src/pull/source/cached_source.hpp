#pragma once

#include "pull/source/local_caches.hpp"
#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"

namespace xylem::pull {

/// Asks local caches before another source.
class CachedSource : public ObjectSource {
 public:
  CachedSource(std::unique_ptr<ObjectSource> inner, std::unique_ptr<LocalCaches> caches,
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
  std::unique_ptr<LocalCaches> caches_;
  repo::Trust trust_;
  PullContext context_;
};

}  // namespace xylem::pull
