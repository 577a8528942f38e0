#include "pull/downloads/presence.hpp"

#include <boost/asio/co_spawn.hpp>

#include <ctime>

#include "base/log.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

Presence::Presence(asio::any_io_executor executor, const repo::Transaction& transaction,
                   DownloadDir* download_dir, PullRecord record, Callbacks callbacks)
    : executor_(std::move(executor)),
      transaction_(transaction),
      download_dir_(download_dir),
      record_(std::move(record)),
      callbacks_(std::move(callbacks)),
      keep_alive_(executor_, std::chrono::minutes(10), [this] { touch(); }),
      tell_others_(executor_, std::chrono::seconds(1), [this] { meet_others(); }) {}

void Presence::start() {
  for (Ticker* ticker : {&keep_alive_, &tell_others_})
    asio::co_spawn(executor_, ticker->run(), [](std::exception_ptr) {});
  meet_others();
}

void Presence::stop() {
  keep_alive_.stop();
  tell_others_.stop();
}

void Presence::touch() const {
  transaction_.touch();
  if (download_dir_ != nullptr) download_dir_->touch();
}

void Presence::meet_others() {
  if (download_dir_ == nullptr) return;
  bool is_asked_to_end = false;
  try {
    download_dir_->look_for_abandoned();
    is_asked_to_end = download_dir_->is_abort_requested();
    record_.bytes = callbacks_.bytes_received();
    record_.updated = std::time(nullptr);
    write_pull_record(download_dir_->fd(), record_);
  } catch (const Error& error) {
    log_debug("Other processes cannot see this pull: {}", error.what());
  }
  if (is_asked_to_end) callbacks_.on_abort();
}

}  // namespace xylem::pull
