#pragma once

/// \file
/// Repository::async_pull for programs with a Boost.Asio event loop. xylem/repository.hpp includes
/// this header unless XYLEM_NO_ASYNC is defined; a program that only blocks can define it, and then
/// needs no Boost headers and compiles seconds faster.

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "xylem/repository.hpp"

namespace xylem::detail {

/// Owns the threads of the pulls that complete on one Asio execution context, and joins each of
/// them: before its completion handler is called or, if the context is destroyed first, then.
/// Thread-safe.
class BackgroundPulls : public boost::asio::execution_context::service {
  struct Pull {
    CancelSource cancel;
    std::thread thread;
  };

 public:
  /// Names a pull until finish().
  using Handle = std::list<Pull>::iterator;

  static inline boost::asio::execution_context::id id;
  explicit BackgroundPulls(boost::asio::execution_context& context) : service(context) {}

  /// Calls `work` with the pull's handle, on a new thread. `work` must not throw.
  template <typename Work>
  void start(const CancelSource& cancel, Work work) {
    const std::lock_guard lock(mutex_);
    const Handle pull = pulls_.insert(pulls_.end(), Pull{cancel, {}});
    try {
      pull->thread = std::thread(std::move(work), pull);
    } catch (...) {
      pulls_.erase(pull);
      throw;
    }
  }

  /// Joins a pull that has posted its completion.
  void finish(Handle pull) {
    std::list<Pull> finished;
    {
      const std::lock_guard lock(mutex_);
      finished.splice(finished.end(), pulls_, pull);
    }
    finished.front().thread.join();
  }

 private:
  /// The context is being destroyed: it will not call any handler. It can still be posted to.
  void shutdown() noexcept override {
    std::list<Pull> left;
    {
      const std::lock_guard lock(mutex_);
      left.swap(pulls_);
    }
    for (const Pull& pull : left) pull.cancel.cancel();
    for (Pull& pull : left) pull.thread.join();
  }

  std::mutex mutex_;
  std::list<Pull> pulls_;
};

}  // namespace xylem::detail

namespace xylem {

template <typename CompletionToken>
auto Repository::async_pull(PullOptions options, PullObserver* observer,
                            CompletionToken&& token) const {
  return boost::asio::async_initiate<CompletionToken, void(std::exception_ptr, PullResult)>(
      [impl = impl_](auto handler, PullOptions pull_options, PullObserver* pull_observer) {
        start(Repository(impl), std::move(handler), std::move(pull_options), pull_observer);
      },
      token, std::move(options), observer);
}

template <typename Handler>
void Repository::start(Repository repository, Handler handler, PullOptions options,
                       PullObserver* observer) {
  namespace asio = boost::asio;
  const CancelSource cancel;
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) slot.assign([cancel](asio::cancellation_type) { cancel.cancel(); });
  auto executor = asio::prefer(asio::get_associated_executor(handler),
                               asio::execution::outstanding_work.tracked);
  auto& pulls =
      asio::use_service<detail::BackgroundPulls>(asio::query(executor, asio::execution::context));

  pulls.start(cancel, [&pulls, cancel, repository = std::move(repository),
                       handler = std::move(handler), options = std::move(options), observer,
                       executor](detail::BackgroundPulls::Handle self) mutable {
    PullResult result;
    std::exception_ptr error;
    try {
      result = repository.pull(options, observer, cancel.token());
    } catch (...) {
      error = std::current_exception();
    }
    asio::post(executor, [&pulls, self, handler = std::move(handler), error,
                          result = std::move(result)]() mutable {
      pulls.finish(self);
      asio::get_associated_cancellation_slot(handler).clear();
      std::move(handler)(error, std::move(result));
    });
  });
}

}  // namespace xylem
