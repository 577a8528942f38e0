#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "pull/report/counters.hpp"
#include "pull/source/object_source.hpp"
#include "repo/transaction/transaction.hpp"
#include "task/task_group.hpp"
#include "task/work_pool.hpp"

namespace xylem::pull {

/// Shares the work with other pulls of the same repository, of any thread, process or user agent:
/// an object is fetched by the pull that could claim it, and the others take it from that one's
/// staging directory, or from objects/. Who finds an object claimed goes on with others meanwhile.
/// A claim is held while its object is fetched, never while another one is waited for: pulls cannot
/// lock each other out.
class SharedSource : public ObjectSource {
 public:
  struct Context {
    TaskGroup& group;
    WorkPool& pool;
    repo::Transaction& transaction;
    Counters& counters;
    /// Called when an object was claimed only after somebody else had it: that one may have died,
    /// and left a part of the download. The argument is the name of the download.
    std::function<void(const std::string&)> take_over;
    /// Whether somebody who died before this pull wanted the object left a part of this download.
    std::function<bool(const std::string&)> is_abandoned;
    /// How long an object is left to a pull that does not get on with it.
    std::chrono::seconds patience{30};
  };

  SharedSource(std::unique_ptr<ObjectSource> inner, Context context);

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
  void take_over_if_abandoned(const object::ObjectName& name) const;
  asio::awaitable<void> take_content_later(Checksum checksum);
  asio::awaitable<void> finish_content(Turn turn, Checksum checksum);

  std::unique_ptr<ObjectSource> inner_;
  Context context_;
  bool stopped_ = false;
};

}  // namespace xylem::pull
