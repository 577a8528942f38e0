// The C interface of a pull: blocking, and beside an event loop.

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "capi/c_types.hpp"

using xylem::api::checked;
using xylem::api::guarded;
using xylem::api::required;
using xylem::api::token_of;

namespace {

constexpr uint64_t unknown = std::numeric_limits<uint64_t>::max();

template <typename Duration>
uint64_t milliseconds(Duration duration) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

class CallbackObserver : public xylem::PullObserver {
 public:
  CallbackObserver(xylem_progress_function function, void* user_data,
                   const xylem_listener& listener)
      : function_(function), user_data_(user_data), listener_(listener) {}

  void on_progress(const xylem::PullProgress& progress) override {
    if (function_ == nullptr) return;
    const xylem_progress wrapped{progress};
    function_(&wrapped, user_data_);
  }
  void on_message(const xylem::PullMessage& message) override {
    listener_.tell(xylem_message{message});
  }
  void on_signature(const xylem::SignatureResult& result) override {
    listener_.tell(xylem_signature{result});
  }

 private:
  xylem_progress_function function_;
  void* user_data_;
  xylem_listener listener_;
};

/// Becomes readable, and stays so until it is cleared. Any thread.
class Wakeup {
 public:
  Wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0)
      throw xylem::Error(xylem::ErrorKind::Io, "Cannot make an eventfd", {.system_errno = errno});
  }
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup() { ::close(fd_); }

  int fd() const { return fd_; }
  void set() noexcept { ::eventfd_write(fd_, 1); }
  void clear() noexcept {
    eventfd_t count = 0;
    ::eventfd_read(fd_, &count);
  }

 private:
  int fd_;
};

/// Null if there is none.
const xylem::PulledRef* ref_at(const xylem_pull_result* result, size_t index) {
  return index < xylem_pull_result_count_refs(result) ? &result->result.refs[index] : nullptr;
}

const xylem::Repository& repository_of(const xylem_repository* repository) {
  return required(repository, "repository")->repository;
}

}  // namespace

/// Keeps what happened, and the newest progress, until the program asks for it.
struct xylem_pull : xylem::PullObserver {
  using Event = std::variant<xylem_message, xylem_signature>;

  xylem_pull(xylem_progress_function function, void* data, const xylem_listener& others)
      : progress_function(function), user_data(data), listener(others) {}

  void on_progress(const xylem::PullProgress& progress) override {
    const std::lock_guard lock(mutex);
    newest = std::make_unique<xylem_progress>(xylem_progress{progress});
    wakeup.set();
  }

  void on_message(const xylem::PullMessage& message) override {
    if (listener.message != nullptr) add(xylem_message{message});
  }
  void on_signature(const xylem::SignatureResult& result) override {
    if (listener.signature != nullptr) add(xylem_signature{result});
  }

  void add(Event event) {
    const std::lock_guard lock(mutex);
    events.push_back(std::move(event));
    wakeup.set();
  }

  void run(const xylem::Repository& repository, const xylem::PullOptions& options) noexcept {
    result.reset(guarded(&error, [&] {
      return new xylem_pull_result{repository.pull(options, this, source.token())};
    }));
    over = true;
    wakeup.set();
  }

  xylem_progress_function progress_function;
  void* user_data;
  xylem_listener listener;
  Wakeup wakeup;
  xylem::CancelSource source;
  xylem::CancelRegistration cancelled_from_outside;
  std::mutex mutex;  ///< Protects the next two.
  std::unique_ptr<xylem_progress> newest;
  std::vector<Event> events;
  std::unique_ptr<xylem_pull_result> result;
  xylem_error* error = nullptr;
  std::atomic<bool> over = false;
  std::jthread thread;
};

const char* xylem_progress_phase(const xylem_progress* progress) {
  return progress != nullptr ? name(progress->progress.phase) : "";
}

uint64_t xylem_progress_get(const xylem_progress* progress, xylem_progress_number number) {
  if (progress == nullptr) return unknown;
  const xylem::PullProgress& state = progress->progress;
  switch (number) {
    case XYLEM_PROGRESS_BYTES_TRANSFERRED:
      return state.bytes_transferred;
    case XYLEM_PROGRESS_METADATA_FETCHED:
      return state.metadata_fetched;
    case XYLEM_PROGRESS_METADATA_REQUESTED:
      return state.metadata_requested;
    case XYLEM_PROGRESS_METADATA_SCANNED:
      return state.scanned_metadata;
    case XYLEM_PROGRESS_CONTENT_FETCHED:
      return state.content_fetched;
    case XYLEM_PROGRESS_CONTENT_REQUESTED:
      return state.content_requested;
    case XYLEM_PROGRESS_CONTENT_IMPORTED:
      return state.content_imported;
    case XYLEM_PROGRESS_BYTES_EXPECTED:
      return state.bytes_expected.value_or(unknown);
    case XYLEM_PROGRESS_BYTES_LEFT:
      return state.bytes_left.value_or(unknown);
    case XYLEM_PROGRESS_ELAPSED_MS:
      return milliseconds(state.elapsed);
  }
  return unknown;  // a number of a newer header
}

uint64_t xylem_pull_result_get(const xylem_pull_result* result, xylem_result_number number) {
  if (result == nullptr) return unknown;
  const xylem::PullResult& pulled = result->result;
  switch (number) {
    case XYLEM_RESULT_METADATA_FETCHED:
      return pulled.metadata_fetched;
    case XYLEM_RESULT_CONTENT_FETCHED:
      return pulled.content_fetched;
    case XYLEM_RESULT_METADATA_IMPORTED:
      return pulled.metadata_imported;
    case XYLEM_RESULT_CONTENT_IMPORTED:
      return pulled.content_imported;
    case XYLEM_RESULT_BYTES_TRANSFERRED:
      return pulled.bytes_transferred;
    case XYLEM_RESULT_BYTES_WRITTEN:
      return pulled.bytes_written;
    case XYLEM_RESULT_BYTES_RESUMED:
      return pulled.bytes_resumed;
    case XYLEM_RESULT_REQUESTS:
      return pulled.requests;
    case XYLEM_RESULT_RETRIES:
      return pulled.retries;
    case XYLEM_RESULT_CONTENT_REQUESTED:
      return pulled.content_requested;
    case XYLEM_RESULT_BYTES_EXPECTED:
      return pulled.bytes_expected.value_or(unknown);
    case XYLEM_RESULT_REFS_CHANGED:
      return static_cast<uint64_t>(std::ranges::count_if(pulled.refs, &xylem::PulledRef::changed));
    case XYLEM_RESULT_ELAPSED_MS:
      return milliseconds(pulled.elapsed);
  }
  return unknown;
}
size_t xylem_pull_result_count_refs(const xylem_pull_result* result) {
  return result != nullptr ? result->result.refs.size() : 0;
}
const char* xylem_pull_result_ref(const xylem_pull_result* result, size_t index) {
  const xylem::PulledRef* ref = ref_at(result, index);
  return ref != nullptr ? ref->ref.c_str() : nullptr;
}
const char* xylem_pull_result_commit(const xylem_pull_result* result, size_t index) {
  const xylem::PulledRef* ref = ref_at(result, index);
  return ref != nullptr ? ref->commit.c_str() : nullptr;
}
int xylem_pull_result_changed(const xylem_pull_result* result, size_t index) {
  const xylem::PulledRef* ref = ref_at(result, index);
  return ref != nullptr && ref->changed ? 1 : 0;
}
void xylem_pull_result_free(xylem_pull_result* result) {
  delete result;
}

xylem_pull_result* xylem_repository_pull(const xylem_repository* repository,
                                         const xylem_pull_options* options,
                                         xylem_progress_function progress, void* user_data,
                                         const xylem_cancel* cancel, xylem_error** error) {
  return guarded(error, [&] {
    const xylem::PullOptions& given = checked(options);
    CallbackObserver observer(progress, user_data, options->listener);
    return new xylem_pull_result{
        repository_of(repository).pull(given, &observer, token_of(cancel))};
  });
}

xylem_pull* xylem_pull_start(const xylem_repository* repository, const xylem_pull_options* options,
                             xylem_progress_function progress, void* user_data,
                             const xylem_cancel* cancel, xylem_error** error) {
  return guarded(error, [&] {
    const xylem::PullOptions& given = checked(options);
    auto pull = std::make_unique<xylem_pull>(progress, user_data, options->listener);
    pull->cancelled_from_outside =
        token_of(cancel).on_cancel([source = pull->source] { source.cancel(); });
    pull->thread = std::jthread([target = repository_of(repository).share(), given,
                                 self = pull.get()] { self->run(target, given); });
    return pull.release();
  });
}

int xylem_pull_get_fd(const xylem_pull* pull) {
  return pull != nullptr ? pull->wakeup.fd() : -1;
}

int xylem_pull_dispatch(xylem_pull* pull) {
  if (pull == nullptr) return 1;
  pull->wakeup.clear();
  const bool over = pull->over;
  std::unique_ptr<xylem_progress> newest;
  std::vector<xylem_pull::Event> events;
  {
    const std::lock_guard lock(pull->mutex);
    newest = std::move(pull->newest);
    events.swap(pull->events);
  }
  for (const xylem_pull::Event& event : events)
    std::visit([&](const auto& told) { pull->listener.tell(told); }, event);
  if (newest && pull->progress_function != nullptr)
    pull->progress_function(newest.get(), pull->user_data);
  if (over) pull->wakeup.set();
  return over ? 1 : 0;
}

void xylem_pull_cancel(xylem_pull* pull) {
  if (pull != nullptr) pull->source.cancel();
}

xylem_pull_result* xylem_pull_finish(xylem_pull* pull, xylem_error** error) {
  return guarded(error, [&] {
    required(pull, "pull");
    if (pull->thread.joinable()) pull->thread.join();
    if (error != nullptr) *error = std::exchange(pull->error, nullptr);
    return pull->result.release();
  });
}

void xylem_pull_free(xylem_pull* pull) {
  if (pull == nullptr) return;
  pull->source.cancel();
  if (pull->thread.joinable()) pull->thread.join();
  xylem_error_free(pull->error);
  delete pull;
}
