#include "fetcher/policy/classify.hpp"

#include <algorithm>
#include <array>

namespace xylem::fetcher {

namespace {

Verdict classify_status(long status) {
  switch (status) {
    case 401:
    case 403:
    case 407:
    case 495:  // nginx: the client's certificate is not accepted
    case 496:  // nginx: there is none
    case 511:  // a portal wants a login
      return {ErrorKind::Unauthorized, Recovery::Never};
    case 404:
    case 410:
      return {ErrorKind::NotFound, Recovery::Never};
    case 408:
    case 504:
      return {ErrorKind::Timeout, Recovery::Likely};
    case 425:
    case 429:
      return {ErrorKind::Network, Recovery::Likely};
    default:
      break;
  }
  if (status >= 500) return {ErrorKind::Network, Recovery::Likely};
  if (status >= 300) return {ErrorKind::Network, Recovery::Never};
  return {ErrorKind::Network, Recovery::Perhaps};
}

bool is_bad_setting(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
      return true;
    default:
      return false;
  }
}

Verdict classify_code(CURLcode code) {
  if (is_bad_setting(code)) return {ErrorKind::InvalidArgument, Recovery::Never};
  switch (code) {
    case CURLE_FILE_COULDNT_READ_FILE:
      return {ErrorKind::NotFound, Recovery::Never};
    case CURLE_FILESIZE_EXCEEDED:
      return {ErrorKind::Corrupt, Recovery::Never};
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_PARTIAL_FILE:
      return {ErrorKind::Corrupt, Recovery::Likely};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::Timeout, Recovery::Likely};
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
      return {ErrorKind::Unauthorized, Recovery::Never};
    case CURLE_OUT_OF_MEMORY:
    case CURLE_ABORTED_BY_CALLBACK:
      return {ErrorKind::Io, Recovery::Never};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_TOO_MANY_REDIRECTS:
      return {ErrorKind::Network, Recovery::Never};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_UNSUPPORTED_PROTOCOL:  // an answer that is no HTTP; the scheme was checked before
      return {ErrorKind::Network, Recovery::Likely};
    default:
      return {ErrorKind::Network, Recovery::Perhaps};
  }
}

std::string_view status_hint(long status) {
  switch (status) {
    case 401:
      return "give the remote the credentials that the server wants";
    case 403:
      return "the server or a gateway on the way does not give access: check the URL of the remote "
             "and its credentials";
    case 407:
      return "give the credentials of the proxy with its URL: http://USER:PASSWORD@HOST:PORT";
    case 495:
    case 496:
      return "check tls-client-cert-path and tls-client-key-path of the remote";
    case 511:
      return "a portal on the way wants a login: open a web page in a browser";
    case 404:
    case 410:
      return "check the URL of the remote, and that the server has this file";
    case 429:
    case 503:
      return "the server is busy: try again later";
    default:
      return status >= 500 ? "the server has a problem: try again later" : "";
  }
}

}  // namespace

bool is_login_refusal(long status) {
  constexpr long unauthorized = 401;
  constexpr long proxy_unauthorized = 407;
  return status == unauthorized || status == proxy_unauthorized;
}

bool is_overload(long status) {
  switch (status) {
    case 429:
    case 502:
    case 503:
    case 504:
    case 509:  // of hosts with a limit on bandwidth
    case 529:
      return true;
    default:
      return false;
  }
}

bool is_unreachable(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
      return true;
    default:
      return false;
  }
}

bool is_certificate_refusal(std::string_view reason) {
  if (reason.find("alert") == reason.npos) return false;
  constexpr std::array<std::string_view, 8> refusals = {
      "bad certificate",     "certificate required", "unknown ca",    "certificate unknown",
      "certificate expired", "certificate revoked",  "access denied", "handshake failure"};
  return std::ranges::any_of(
      refusals, [&](std::string_view text) { return reason.find(text) != reason.npos; });
}

Verdict classify(CURLcode code, long status) {
  return code == CURLE_OK || status >= 400 ? classify_status(status) : classify_code(code);
}

std::string_view failure_hint(CURLcode code, long status) {
  if (code == CURLE_OK || status >= 400) return status_hint(status);
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return "check that the server runs and that the URL of the remote is right";
    case CURLE_COULDNT_RESOLVE_HOST:
      return "check the host name in the URL of the remote, and the network";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "check the host name of the proxy";
    case CURLE_OPERATION_TIMEDOUT:
      return "check the network, and that the server is not overloaded";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "check the clock, and that tls-ca-path of the remote names the server's CA";
    case CURLE_SSL_CONNECT_ERROR:
      return "check that the port in the URL speaks https: a server of http answers like this";
    case CURLE_SSL_CERTPROBLEM:
      return "check tls-client-cert-path and tls-client-key-path of the remote";
    case CURLE_SSL_CACERT_BADFILE:
      return "check tls-ca-path of the remote";
    case CURLE_PARTIAL_FILE:
      return "the server closes connections early: check its log";
    case CURLE_BAD_CONTENT_ENCODING:
      return "the server or a cache on the way says Content-Encoding of a body that is not encoded";
    case CURLE_FILE_COULDNT_READ_FILE:
      return "check the path in the URL of the remote";
    default:
      return {};
  }
}

}  // namespace xylem::fetcher
