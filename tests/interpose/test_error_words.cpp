#include "interpose/error_words.hpp"

#include <ostree.h>
#include <catch2/catch.hpp>

#include <cerrno>

using namespace xylem;
using interpose::gerror_of;

TEST_CASE("failures have the domains and codes of libostree") {
  const auto is = [](const Error& error, GQuark domain, int code) {
    return g_error_matches(gerror_of(error).get(), domain, code) != FALSE;
  };
  CHECK(is({ErrorKind::Cancelled, "x"}, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  CHECK(is({ErrorKind::Timeout, "x"}, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  CHECK(is({ErrorKind::NotFound, "x"}, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  CHECK(is({ErrorKind::NotFound, "No such branch 'x'"}, G_IO_ERROR, G_IO_ERROR_FAILED));
  CHECK(is({ErrorKind::NotFound, "x", {.http_status = 404}}, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  CHECK(is({ErrorKind::Network, "x", {.http_status = 500}}, G_IO_ERROR, G_IO_ERROR_FAILED));
  CHECK(
      is({ErrorKind::Io, "x", {.system_errno = EACCES}}, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED));
  CHECK(is({ErrorKind::SignatureInvalid, "x", {.verdict = "gpg: unknown key"}}, OSTREE_GPG_ERROR,
           OSTREE_GPG_ERROR_MISSING_KEY));
  CHECK(is({ErrorKind::SignatureInvalid, "x", {.verdict = "ed25519: unknown key"}}, G_IO_ERROR,
           G_IO_ERROR_FAILED));
}

TEST_CASE("the status of a server is in libostree's words") {
  const Error error(ErrorKind::NotFound, "gone", {.url = "http://h/x", .http_status = 404});
  CHECK(std::string(gerror_of(error)->message) ==
        "While fetching http://h/x: Server returned HTTP 404: gone");

  const Error missing(ErrorKind::NotFound, "No such commit", {.object = "a.commit"});
  CHECK(std::string(gerror_of(missing, true)->message) ==
        "While fetching a.commit: Server returned HTTP 404: No such commit");
  CHECK(std::string(gerror_of(missing)->message) == "No such commit");
}
