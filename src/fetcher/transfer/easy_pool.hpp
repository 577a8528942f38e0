#pragma once

/// \file
/// Easy handles, set up once with the options of a fetcher and used again and again.

#include <memory>
#include <vector>

#include "fetcher/curl/curl_easy.hpp"
#include "fetcher/request/options.hpp"

namespace xylem::fetcher {

/// What all easy handles of one fetcher share: TLS sessions and cookies. Must outlive the handles
/// that use it. One thread.
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

/// Sets what is the same for all requests of a fetcher. Throws Error(InvalidArgument).
void configure_easy(CurlEasy& easy, const FetcherOptions& options, const CurlShare& share);

class EasyPool;

struct ReturnToPool {
  EasyPool* pool;
  void operator()(CurlEasy* easy) const;
};
/// A handle in use; goes back to its pool.
using PooledEasy = std::unique_ptr<CurlEasy, ReturnToPool>;

/// One thread. Must outlive its handles. Options are borrowed.
class EasyPool {
 public:
  explicit EasyPool(const FetcherOptions& options);
  EasyPool(const EasyPool&) = delete;
  EasyPool& operator=(const EasyPool&) = delete;

  PooledEasy take();

 private:
  friend ReturnToPool;
  std::unique_ptr<CurlEasy> make() const;

  const FetcherOptions& options_;
  CurlShare share_;
  std::vector<std::unique_ptr<CurlEasy>> idle_;
};

}  // namespace xylem::fetcher
