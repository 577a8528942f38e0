#include "fetcher/curl/curl_easy.hpp"

#include <fmt/format.h>

#include <new>

#include "xylem/error.hpp"

namespace xylem::fetcher {

void init_curl() {
  // Never undone: other users of libcurl in the process may count on it.
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK)
    throw Error(ErrorKind::Io,
                fmt::format("libcurl does not start: {}", curl_easy_strerror(result)));
}

void CurlList::append(const std::string& line) {
  curl_slist* list = curl_slist_append(list_.get(), line.c_str());
  if (list == nullptr) throw std::bad_alloc();
  static_cast<void>(list_.release());  // the same list, or the first entry of a new one
  list_.reset(list);
}

CurlEasy::CurlEasy() {
  init_curl();
  handle_.reset(curl_easy_init());
  if (!handle_) throw std::bad_alloc();
  set(CURLOPT_ERRORBUFFER, error_.data());
}

void CurlEasy::check(CURLoption option, CURLcode result) {
  if (result == CURLE_OK) return;
  const curl_easyoption* known = curl_easy_option_by_id(option);
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("libcurl refuses the value of {}: {}", known ? known->name : "an option",
                          curl_easy_strerror(result)));
}

long CurlEasy::info_long(CURLINFO which) const {
  long value = 0;
  curl_easy_getinfo(handle_.get(), which, &value);
  return value;
}

std::chrono::microseconds CurlEasy::info_time(CURLINFO which) const {
  curl_off_t value = 0;
  curl_easy_getinfo(handle_.get(), which, &value);
  return std::chrono::microseconds(value);
}

std::string CurlEasy::info_text(CURLINFO which) const {
  char* text = nullptr;
  curl_easy_getinfo(handle_.get(), which, &text);
  return text == nullptr ? "" : text;
}

std::string CurlEasy::error_text(CURLcode code) const {
  return error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
}

}  // namespace xylem::fetcher
