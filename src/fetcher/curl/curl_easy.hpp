#pragma once

/// \file
/// Room `fetcher/curl`: curl's handles, and their sockets and timers on Asio. Knows nothing of
/// retries, mirrors, downloads.
///
/// Owners of curl's easy handle and of its string list. Options are set through one checked
/// function, so that a refused one is never overlooked.

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace xylem::fetcher {

/// Makes libcurl ready, once in the process; every owner below does it. Any thread.
void init_curl();

/// A list of strings in curl's form; what uses it must be gone or reset before it is destroyed.
class CurlList {
 public:
  void append(const std::string& line);
  curl_slist* get() const { return list_.get(); }

 private:
  struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> list_;
};

/// What curl's variadic setters may be given: anything else would be read as the wrong type.
template <typename T>
concept CurlValue =
    std::is_pointer_v<T> || std::same_as<T, long> || std::same_as<T, std::nullptr_t>;

/// One easy handle. Not movable: curl keeps a pointer to the error buffer.
class CurlEasy {
 public:
  CurlEasy();
  CurlEasy(const CurlEasy&) = delete;
  CurlEasy& operator=(const CurlEasy&) = delete;

  /// Throws Error(InvalidArgument) that names the option if curl refuses the value. Strings are
  /// copied, lists are not.
  template <CurlValue T>
  void set(CURLoption option, T value) {
    check(option, curl_easy_setopt(handle_.get(), option, value));
  }
  void set(CURLoption option, const std::string& value) { set(option, value.c_str()); }

  long info_long(CURLINFO which) const;
  /// Of those that curl tells in microseconds.
  std::chrono::microseconds info_time(CURLINFO which) const;
  /// Empty if curl has nothing to say.
  std::string info_text(CURLINFO which) const;

  /// What curl says of the last failure; falls back to the general text of `code`.
  std::string error_text(CURLcode code) const;

  CURL* get() const { return handle_.get(); }

 private:
  struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  static void check(CURLoption option, CURLcode result);

  std::array<char, CURL_ERROR_SIZE> error_{};
  std::unique_ptr<CURL, Free> handle_;
};

}  // namespace xylem::fetcher
