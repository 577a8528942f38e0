#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "server/http/http_types.hpp"

namespace xylem::server {

/// The connections of a server, so that no address can take the places of all others: neither by
/// many connections, nor by ones that send nothing. One thread. Borrows the streams.
class ConnectionTable {
 public:
  /// False if its address has `most` connections and all are busy. Else the one of them that has
  /// waited longest for a request is closed, if there are so many.
  bool add(Stream& stream, unsigned most);
  void remove(Stream& stream);
  /// Whether it waits for a request; it does at first.
  void set_waiting(Stream& stream, bool waiting);
  void close_all();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string address;
    std::uint64_t waiting_since = 0;  ///< Counts up; 0 while it is busy.
  };

  std::map<Stream*, Entry> entries_;
  std::uint64_t clock_ = 0;
};

}  // namespace xylem::server
