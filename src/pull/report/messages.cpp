#include "pull/report/messages.hpp"

#include <boost/asio/post.hpp>

namespace xylem {

const char* name(PullMessage::Code code) noexcept {
  switch (code) {
    case PullMessage::Code::SourceDropped:
      return "source-dropped";
    case PullMessage::Code::MirrorSwitched:
      return "mirror-switched";
    case PullMessage::Code::Retry:
      return "retry";
    case PullMessage::Code::ObjectRefetched:
      return "object-refetched";
    case PullMessage::Code::DeltaPlan:
      return "delta-plan";
    case PullMessage::Code::DeltaUnusable:
      return "delta-unusable";
    case PullMessage::Code::DeltaPartFailed:
      return "delta-part-failed";
    case PullMessage::Code::DeltaSourceDamaged:
      return "delta-source-damaged";
    case PullMessage::Code::Waiting:
      return "waiting";
  }
  return "";
}

}  // namespace xylem

namespace xylem::pull {

void Messages::tell(PullMessage message) const {
  if (observer_ == nullptr) return;
  boost::asio::post(executor_, [observer = observer_, message = std::move(message)] {
    observer->on_message(message);
  });
}

}  // namespace xylem::pull
