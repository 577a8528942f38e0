#include "fetcher/transfer/easy_pool.hpp"

#include <new>

namespace xylem::fetcher {

namespace {

constexpr long buffer_size = 64 * 1024;

void set_tls(CurlEasy& easy, const TlsOptions& tls) {
  if (tls.permissive) {
    easy.set(CURLOPT_SSL_VERIFYPEER, 0L);
    easy.set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (tls.ca_path) {
    easy.set(CURLOPT_CAINFO, *tls.ca_path);
    easy.set(CURLOPT_CAPATH, nullptr);  // that CA and no other
  }
  if (tls.proxy_ca_path) easy.set(CURLOPT_PROXY_CAINFO, *tls.proxy_ca_path);
  constexpr std::string_view pkcs11 = "pkcs11:";
  if (tls.client_cert_path) {
    easy.set(CURLOPT_SSLCERT, *tls.client_cert_path);
    easy.set(CURLOPT_SSLCERTTYPE, tls.client_cert_path->starts_with(pkcs11) ? "ENG" : "PEM");
  }
  // Empty, but there: else OpenSSL would ask for it on the terminal.
  easy.set(CURLOPT_KEYPASSWD, "");
  if (tls.client_key_path) {
    easy.set(CURLOPT_SSLKEY, *tls.client_key_path);
    easy.set(CURLOPT_SSLKEYTYPE, tls.client_key_path->starts_with(pkcs11) ? "ENG" : "PEM");
  }
}

void set_cookies(CurlEasy& easy, const CurlShare& share, const FetcherOptions& options) {
  easy.set(CURLOPT_SHARE, share.get());
  if (options.cookie_file) easy.set(CURLOPT_COOKIEFILE, "");  // the jar is shared, see EasyPool
}

}  // namespace

CurlShare::CurlShare() {
  init_curl();
  handle_.reset(curl_share_init());
  if (!handle_) throw std::bad_alloc();
  curl_share_setopt(handle_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_share_setopt(handle_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
}

void configure_easy(CurlEasy& easy, const FetcherOptions& options, const CurlShare& share) {
  easy.set(CURLOPT_NOSIGNAL, 1L);
  easy.set(CURLOPT_QUICK_EXIT, 1L);  // cancelling does not wait for the resolver
  easy.set(CURLOPT_PROTOCOLS_STR, "http,https");
  easy.set(CURLOPT_FOLLOWLOCATION, 0L);  // redirects are followed by FetchJob
  easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  easy.set(CURLOPT_BUFFERSIZE, buffer_size);
  easy.set(CURLOPT_HTTP_VERSION,
           static_cast<long>(options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  easy.set(CURLOPT_USERAGENT, options.user_agent);
  if (options.proxy) easy.set(CURLOPT_PROXY, *options.proxy);
  // Slowness is not curl's to judge, which knows one transfer only: see SpeedWatch.
  easy.set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_timeout_seconds));
  set_tls(easy, options.tls);
  set_cookies(easy, share, options);
}

void ReturnToPool::operator()(CurlEasy* easy) const {
  std::unique_ptr<CurlEasy> owned(easy);
  pool->idle_.push_back(std::move(owned));
}

EasyPool::EasyPool(const FetcherOptions& options) : options_(options) {
  if (!options_.cookie_file) return;
  auto first = make();
  first->set(CURLOPT_COOKIEFILE, *options_.cookie_file);
  first->set(CURLOPT_COOKIELIST, "RELOAD");  // reads the file into the shared jar, now
  first->set(CURLOPT_COOKIEFILE, nullptr);
}

std::unique_ptr<CurlEasy> EasyPool::make() const {
  auto easy = std::make_unique<CurlEasy>();
  configure_easy(*easy, options_, share_);
  return easy;
}

PooledEasy EasyPool::take() {
  std::unique_ptr<CurlEasy> easy;
  if (idle_.empty()) {
    easy = make();
  } else {
    easy = std::move(idle_.back());
    idle_.pop_back();
  }
  return PooledEasy(easy.release(), {this});
}

}  // namespace xylem::fetcher
