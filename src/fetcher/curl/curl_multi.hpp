#pragma once

/// \file
/// Owner of curl's multi handle; knows nothing of Asio.

#include <curl/curl.h>

#include <memory>
#include <optional>

#include "fetcher/curl/curl_easy.hpp"

namespace xylem::fetcher {

class CurlMulti {
 public:
  CurlMulti();

  template <CurlValue T>
  void set(CURLMoption option, T value) {
    check(curl_multi_setopt(handle_.get(), option, value));
  }
  void add(CURL* easy) { check(curl_multi_add_handle(handle_.get(), easy)); }
  void remove(CURL* easy) noexcept { curl_multi_remove_handle(handle_.get(), easy); }
  /// Tells curl that `fd` is ready (CURL_CSELECT_*), or with CURL_SOCKET_TIMEOUT that time is up.
  void socket_action(curl_socket_t fd, int events);

  struct Done {
    CURL* easy;
    CURLcode code;
  };
  /// The next transfer that has ended.
  std::optional<Done> next_done();

 private:
  struct Free {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };
  static void check(CURLMcode result);

  std::unique_ptr<CURLM, Free> handle_;
};

}  // namespace xylem::fetcher
