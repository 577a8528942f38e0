#include "base/os/os_observer.hpp"

namespace xylem::os {

namespace detail {
std::atomic<Observer*> observer = nullptr;
}

ObserverScope::ObserverScope(Observer& observer)
    : previous_(detail::observer.exchange(&observer)) {}

ObserverScope::~ObserverScope() {
  detail::observer.store(previous_);
}

}  // namespace xylem::os
