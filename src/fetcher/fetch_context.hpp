#pragma once

/// \file
/// What the fetches of one fetcher share.

#include <boost/asio/any_io_executor.hpp>

#include "fetcher/adaptive_queue.hpp"
#include "fetcher/download/partial_file.hpp"
#include "fetcher/http/proxy.hpp"
#include "fetcher/http/routes.hpp"
#include "fetcher/login_gate.hpp"
#include "fetcher/policy/mirrors.hpp"
#include "fetcher/request/options.hpp"
#include "fetcher/transfer/traffic.hpp"
#include "fetcher/transfer/transport.hpp"
#include "task/event.hpp"

namespace xylem::fetcher {

/// Each member has an interface of its own and changes only itself. They are declared in the order
/// in which one uses another. One thread.
struct FetchContext {
  FetchContext(const boost::asio::any_io_executor& executor, FetcherOptions given,
               FileDescriptor dir)
      : options(std::move(given)),
        directory(dir),
        traffic(options.max_bytes),
        routes(options.authorization, options.named_urls),
        mirrors(options.retries),
        logins(waits),
        proxy_login(proxy_login_of(options)),
        transport(executor, options, waits, traffic),
        queue(executor, options, waits, transport, traffic) {}

  const FetcherOptions options;
  Waits waits;
  DownloadDirectory directory;
  Traffic traffic;
  Routes routes;
  Mirrors mirrors;
  LoginGate logins;
  const std::string proxy_login;  ///< The name of the login at the proxy; empty if there is none.
  Transport transport;
  AdaptiveQueue queue;
};

}  // namespace xylem::fetcher
