#include "interpose/host_loop.hpp"

#include <csignal>

#include <atomic>
#include <exception>
#include <memory>
#include <system_error>
#include <thread>

#include "interpose/pull_call.hpp"

namespace xylem::interpose {

namespace {

/// Threads that are made meanwhile take none of the signals that the program handles.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Passes a cancellation on for as long as it lives.
class CancelLink {
 public:
  CancelLink(GCancellable* cancellable, const CancelSource& source)
      : cancellable_(cancellable), source_(source) {
    if (cancellable_ != nullptr)
      id_ = g_cancellable_connect(cancellable_, G_CALLBACK(pass_on), &source_, nullptr);
  }
  CancelLink(const CancelLink&) = delete;
  CancelLink& operator=(const CancelLink&) = delete;
  ~CancelLink() {
    if (cancellable_ != nullptr) g_cancellable_disconnect(cancellable_, id_);
  }

 private:
  static void pass_on(GCancellable* /*cancellable*/, gpointer source) {
    static_cast<CancelSource*>(source)->cancel();
  }

  GCancellable* cancellable_;
  CancelSource source_;
  gulong id_ = 0;
};

struct Unref {
  void operator()(GMainContext* context) const { g_main_context_unref(context); }
};

/// The main context that this thread's callers expect to be run.
class HostContext {
 public:
  HostContext() : context_(g_main_context_ref_thread_default()) {}

  /// Any thread.
  void end() {
    over_ = true;
    g_main_context_wakeup(context_.get());
  }
  /// If another thread runs it, there is nothing to do here.
  void run_until_end() {
    if (g_main_context_acquire(context_.get()) == FALSE) return;
    while (!over_) g_main_context_iteration(context_.get(), TRUE);
    g_main_context_release(context_.get());
  }

 private:
  std::unique_ptr<GMainContext, Unref> context_;
  std::atomic<bool> over_ = false;
};

std::jthread start(std::function<void()> work) try {
  const SignalsBlocked blocked;
  return std::jthread(std::move(work));
} catch (const std::system_error& error) {
  throw NotOurs{std::string("no thread can be made: ") + error.what()};
}

}  // namespace

void run_beside_host(const std::function<void()>& work, GCancellable* cancellable,
                     const CancelSource& source) {
  HostContext context;
  std::exception_ptr failure;
  const CancelLink link(cancellable, source);
  std::jthread thread = start([&] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    context.end();
  });
  context.run_until_end();
  thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace xylem::interpose
