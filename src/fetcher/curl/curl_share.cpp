#include "fetcher/curl/curl_share.hpp"

#include <new>

#include "fetcher/curl/curl_easy.hpp"

namespace xylem::fetcher {

CurlShare::CurlShare() {
  init_curl();
  handle_.reset(curl_share_init());
  if (!handle_) throw std::bad_alloc();
  curl_share_setopt(handle_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_share_setopt(handle_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
}

}  // namespace xylem::fetcher
