#include "interpose/error_words.hpp"

#include <fmt/format.h>
#include <ostree.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace xylem::interpose {

namespace {

GErrorPtr make(GQuark domain, int code, const std::string& message) {
  return GErrorPtr(g_error_new_literal(domain, code, message.c_str()));
}

/// As libostree's fetcher classifies answers of servers.
int code_of_status(long status) {
  switch (status) {
    case 403:
    case 404:
    case 410:
      return G_IO_ERROR_NOT_FOUND;
    case 408:
      return G_IO_ERROR_TIMED_OUT;
    default:
      return G_IO_ERROR_FAILED;
  }
}

/// For which libostree has no code.
bool is_missing_branch(const Error& error) {
  return std::string_view(error.what()).find("No such branch") != std::string_view::npos;
}

int code_of_kind(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::NotFound:
      return is_missing_branch(error) ? G_IO_ERROR_FAILED : G_IO_ERROR_NOT_FOUND;
    case ErrorKind::Cancelled:
      return G_IO_ERROR_CANCELLED;
    case ErrorKind::Timeout:
      return G_IO_ERROR_TIMED_OUT;
    case ErrorKind::Io:
      return error.details().system_errno == 0
                 ? G_IO_ERROR_FAILED
                 : static_cast<int>(g_io_error_from_errno(error.details().system_errno));
    default:
      return G_IO_ERROR_FAILED;
  }
}

/// The answer of the server; 0 if there was none. Of an object that it lacks the engine tells only
/// the object.
long status_of(const Error& error, bool on_server) {
  constexpr long not_found = 404;
  const bool lacks = on_server && error.kind() == ErrorKind::NotFound;
  const ErrorDetails& details = error.details();
  return lacks && details.http_status == 0 && !details.object.empty() ? not_found
                                                                      : details.http_status;
}

struct GpgVerdict {
  const char* verdict;
  OstreeGpgError code;
};

constexpr std::array gpg_verdicts = {
    GpgVerdict{"gpg: no signature", OSTREE_GPG_ERROR_NO_SIGNATURE},
    GpgVerdict{"gpg: bad signature", OSTREE_GPG_ERROR_INVALID_SIGNATURE},
    GpgVerdict{"gpg: unknown key", OSTREE_GPG_ERROR_MISSING_KEY},
    GpgVerdict{"gpg: expired signature", OSTREE_GPG_ERROR_EXPIRED_SIGNATURE},
    GpgVerdict{"gpg: expired key", OSTREE_GPG_ERROR_EXPIRED_KEY},
    GpgVerdict{"gpg: revoked key", OSTREE_GPG_ERROR_REVOKED_KEY},
};

GErrorPtr refused_signature(const Error& error) {
  const auto* gpg = std::ranges::find(gpg_verdicts, error.details().verdict, &GpgVerdict::verdict);
  if (gpg == gpg_verdicts.end()) return make(G_IO_ERROR, G_IO_ERROR_FAILED, error.what());
  return make(OSTREE_GPG_ERROR, gpg->code, error.what());
}

}  // namespace

GErrorPtr gerror_of(const Error& error, bool on_server) {
  const ErrorDetails& details = error.details();
  if (error.kind() == ErrorKind::SignatureInvalid) return refused_signature(error);
  if (const long status = status_of(error, on_server); status >= 400)
    return make(
        G_IO_ERROR, code_of_status(status),
        fmt::format("While fetching {}: Server returned HTTP {}: {}",
                    details.url.empty() ? details.object : details.url, status, error.what()));
  return make(G_IO_ERROR, code_of_kind(error), error.what());
}

}  // namespace xylem::interpose
