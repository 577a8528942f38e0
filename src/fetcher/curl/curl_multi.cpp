#include "fetcher/curl/curl_multi.hpp"

#include <fmt/format.h>

#include <new>

#include "xylem/error.hpp"

namespace xylem::fetcher {

CurlMulti::CurlMulti() {
  init_curl();
  handle_.reset(curl_multi_init());
  if (!handle_) throw std::bad_alloc();
}

void CurlMulti::check(CURLMcode result) {
  if (result != CURLM_OK)
    throw Error(ErrorKind::Io, fmt::format("libcurl: {}", curl_multi_strerror(result)));
}

void CurlMulti::socket_action(curl_socket_t fd, int events) {
  int running = 0;
  check(curl_multi_socket_action(handle_.get(), fd, events, &running));
}

std::optional<CurlMulti::Done> CurlMulti::next_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(handle_.get(), &left))
    if (message->msg == CURLMSG_DONE) return Done{message->easy_handle, message->data.result};
  return std::nullopt;
}

}  // namespace xylem::fetcher
