#include "server/connection_table.hpp"

namespace xylem::server {

namespace {

std::string address_of(const Stream& stream) {
  boost::system::error_code unknown;
  const auto peer = stream.socket().remote_endpoint(unknown);
  return unknown ? "" : peer.address().to_string();
}

}  // namespace

bool ConnectionTable::add(Stream& stream, unsigned most) {
  const std::string address = address_of(stream);
  unsigned count = 0;
  auto longest = entries_.end();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (at->second.address != address) continue;
    ++count;
    const std::uint64_t since = at->second.waiting_since;
    if (since != 0 && (longest == entries_.end() || since < longest->second.waiting_since))
      longest = at;
  }
  if (count >= most) {
    if (longest == entries_.end()) return false;
    longest->first->close();
    longest->second = {};  // it counts no more, and ends soon
  }
  entries_[&stream] = {address, ++clock_};
  return true;
}

void ConnectionTable::remove(Stream& stream) {
  entries_.erase(&stream);
}

void ConnectionTable::set_waiting(Stream& stream, bool waiting) {
  const auto found = entries_.find(&stream);
  if (found != entries_.end()) found->second.waiting_since = waiting ? ++clock_ : 0;
}

void ConnectionTable::close_all() {
  for (const auto& entry : entries_) entry.first->close();
}

}  // namespace xylem::server
