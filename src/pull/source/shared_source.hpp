#pragma once

#include <memory>

#include "pull/downloads/download_dir.hpp"
#include "pull/source/object_source.hpp"
#include "pull/source/pull_context.hpp"
#include "pull/source/wait_notice.hpp"

namespace xylem::fetcher {
class Fetcher;
}

namespace xylem::pull {

/// Shares the work with other pulls of the same repository, of any thread, process or user agent:
/// an object is fetched by the pull that could claim it, and the others take it from that one's
/// staging directory, or from objects/. Who finds an object claimed goes on with others meanwhile.
/// A claim is held while its object is fetched, never while another one is waited for: pulls cannot
/// lock each other out.
class SharedSource : public ObjectSource {
 public:
  /// `downloads` is where `fetcher` keeps its downloads; both are borrowed.
  SharedSource(std::unique_ptr<ObjectSource> inner, const PullContext& context,
               DownloadDir& downloads, fetcher::Fetcher& fetcher)
      : inner_(std::move(inner)),
        context_(context),
        downloads_(downloads),
        fetcher_(fetcher),
        notice_(context.messages, context.transaction.repo()) {}

  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override {
    return inner_->fetch_metadata(name, max_size);
  }
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  /// Returns at once if another pull is on it; a task of the group takes it then.
  asio::awaitable<void> take_content(Checksum checksum) override;
  void stop() override;

 private:
  /// What became of the try to have an object.
  struct Turn {
    enum class State { Here, Ours, Busy } state = State::Busy;
    repo::Claim claim{};  ///< Ours: to be held while it is fetched.
  };

  asio::awaitable<Turn> try_turn(object::ObjectName name);
  Turn claim_or_take(const object::ObjectName& name);
  asio::awaitable<Turn> wait_for_turn(object::ObjectName name);
  void take_over(const object::ObjectName& name);
  asio::awaitable<void> take_content_later(Checksum checksum);
  asio::awaitable<void> finish_content(Turn turn, Checksum checksum);

  std::unique_ptr<ObjectSource> inner_;
  PullContext context_;
  DownloadDir& downloads_;
  fetcher::Fetcher& fetcher_;
  WaitNotice notice_;
  bool stopped_ = false;
  bool out_of_patience_ = false;  ///< A holder was stuck, and none has delivered since.
};

}  // namespace xylem::pull
