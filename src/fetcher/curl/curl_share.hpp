#pragma once

/// \file
/// What all easy handles of one fetcher have in common: TLS sessions and cookies.

#include <curl/curl.h>

#include <memory>

namespace xylem::fetcher {

/// Must outlive the handles that use it. One thread.
class CurlShare {
 public:
  CurlShare();
  CURLSH* get() const { return handle_.get(); }

 private:
  struct Free {
    void operator()(CURLSH* handle) const { curl_share_cleanup(handle); }
  };
  std::unique_ptr<CURLSH, Free> handle_;
};

}  // namespace xylem::fetcher
