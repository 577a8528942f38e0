#pragma once

#include <memory>

#include "pull/source/source.hpp"

namespace xylem::pull {

/// A source that stands before another one: what it does not override goes straight on.
class ForwardingSource : public Source {
 public:
  explicit ForwardingSource(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}

  asio::awaitable<FoundRef> find_ref(std::string ref) override {
    return inner_->find_ref(std::move(ref));
  }
  asio::awaitable<std::vector<std::string>> list_refs() override { return inner_->list_refs(); }
  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override {
    return inner_->fetch_metadata(name, max_size);
  }
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override {
    return inner_->take_metadata(name);
  }
  asio::awaitable<void> take_content(Checksum checksum) override {
    return inner_->take_content(checksum);
  }
  asio::awaitable<std::optional<SummaryFiles>> summary_files() override {
    return inner_->summary_files();
  }
  void stop() override { inner_->stop(); }

 protected:
  Source& inner() { return *inner_; }

 private:
  std::unique_ptr<Source> inner_;
};

}  // namespace xylem::pull
