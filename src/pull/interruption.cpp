#include "pull/interruption.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "xylem/error.hpp"

namespace xylem::pull {

CancelRegistration Interruption::watch(const CancelToken& token) {
  return token.on_cancel([this] {
    asio::post(io_, [this] {
      group_.fail(std::make_exception_ptr(Error(ErrorKind::Cancelled, "The pull was cancelled")));
    });
  });
}

void Interruption::set_deadline(std::chrono::seconds limit) {
  if (limit.count() == 0) return;
  deadline_.expires_after(limit);
  deadline_.async_wait([this, limit](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    Error late(ErrorKind::Timeout,
               fmt::format("The pull took longer than {} seconds", limit.count()));
    late.hint("pull again with a later deadline to continue from here");
    group_.fail(std::make_exception_ptr(late));
  });
}

void Interruption::abort() {
  group_.fail(std::make_exception_ptr(Error(ErrorKind::Cancelled, "The transfer was aborted")));
}

}  // namespace xylem::pull
