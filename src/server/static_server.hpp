#pragma once

/// \file
/// Room `server`: the built-in HTTP server. Knows nothing of OSTree.
///
/// The built-in server of static files, for `xylem serve` and for tests: enough to let others pull
/// from a repository on a trusted network. No TLS, no listing of directories.

#include <functional>
#include <optional>

#include "base/os/fd.hpp"
#include "server/http_server.hpp"
#include "server/misbehaviour.hpp"
#include "server/static_files.hpp"

namespace xylem::server {

/// What was answered, for a log.
struct AccessRecord {
  std::string client;  ///< IP address.
  std::string method;
  std::string target;  ///< As it came: it may hold any character but line breaks.
  unsigned status = 0;
  std::uint64_t size = 0;  ///< Of the body that was to be sent.
};

/// As HttpServer: one thread, the destructor stops it.
class StaticServer {
 public:
  struct Options {
    FileDescriptor root;  ///< Borrowed.
    ListenOptions listen{};
    /// As StaticFiles has it; may be empty.
    Choose choose{};
    /// Called for each request before its answer is sent; may be empty.
    std::function<void(const AccessRecord&)> on_request{};
    std::optional<Misbehaviour> misbehaviour{};  ///< For trying out clients; usually none.
  };

  /// Listens from now on. Throws as HttpServer does.
  StaticServer(asio::any_io_executor executor, Options options);

  std::uint16_t port() const { return server_.port(); }
  void stop() { server_.stop(); }

 private:
  HttpServer server_;
};

}  // namespace xylem::server
