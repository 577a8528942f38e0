#include "pull/report/journal.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>

#include "base/glib.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"

namespace xylem::pull {

namespace {

namespace asio = boost::asio;

constexpr char fetch_complete[] = "75ba3deb0af041a9a46272ff85d9e73e";
constexpr char fetch_failed[] = "f02bce89a54e4efab3a94a797d26204a";

const char* gpg_state(const repo::Remote& remote, const PullOptions& options) {
  const bool commit = options.gpg_verify.value_or(remote.gpg_verify);
  if (options.gpg_verify_summary.value_or(remote.gpg_verify_summary))
    return commit ? "summary+commit" : "summary-only";
  return commit ? "commit" : "disabled";
}

const char* transport_state(const repo::Remote& remote, const PullOptions& options) {
  const std::string& url = options.url ? *options.url : remote.url;
  if (url.find("https:") == std::string::npos || remote.tls_permissive) return "insecure";
  return remote.tls_ca_path ? "CA-pinned" : "TLS";
}

std::string what_was_pulled(const PullResult& result) {
  return result.refs.size() == 1 ? result.refs.front().ref
                                 : fmt::format("{} refs", result.refs.size());
}

std::string length_of(const std::string& text) {
  constexpr int bytes = 8;
  std::string encoded;
  for (int i = 0; i < bytes; ++i) encoded += static_cast<char>(text.size() >> (8 * i));
  return encoded;
}

}  // namespace

JournalFields journal_fields(const repo::Remote& remote, const PullOptions& options,
                             const PullResult& result) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(result.elapsed).count();
  const std::string size = GStringPtr(g_format_size(result.bytes_transferred)).get();
  const char* gpg = gpg_state(remote, options);
  const bool sign_enabled = remote.sign_verify.enabled && !options.disable_sign_verify;
  const char* sign = sign_enabled ? "commit" : "disabled";
  const std::string message = fmt::format(
      "xylem pull from '{}' for {} complete\nsecurity: GPG: {} SIGN: {} http: {}\n"
      "meta: {} content: {}\ntransfer: secs: {} size: {}",
      remote.name, what_was_pulled(result), gpg, sign, transport_state(remote, options),
      result.metadata_fetched, result.content_fetched, seconds, size);
  return {{"MESSAGE", printable_lines(message)},
          {"MESSAGE_ID", fetch_complete},
          {"PRIORITY", "6"},
          {"SYSLOG_IDENTIFIER", "xylem"},
          {"OSTREE_REMOTE", printable(remote.name)},
          {"OSTREE_SIGN", sign},
          {"OSTREE_GPG", gpg},
          {"OSTREE_SECONDS", std::to_string(seconds)},
          {"OSTREE_XFER_SIZE", size}};
}

bool is_worth_telling(const fetcher::ExchangeReport& report) {
  constexpr long first_failure = 400;
  constexpr long missing = 404;
  if (report.optional && report.status == missing) return false;
  return report.status >= first_failure || !report.failure.empty();
}

JournalFields failure_fields(const std::string& remote, const fetcher::ExchangeReport& report) {
  const std::string why = report.failure.empty()
                              ? fmt::format("Server returned HTTP {}", report.status)
                              : report.failure;
  return {{"MESSAGE",
           fmt::format("xylem HTTP error from remote {} for <{}>: {}", remote, report.url, why)},
          {"MESSAGE_ID", fetch_failed},
          {"PRIORITY", "3"},
          {"SYSLOG_IDENTIFIER", "xylem"},
          {"OSTREE_REMOTE", remote}};
}

std::string journal_datagram(const JournalFields& fields) {
  std::string datagram;
  for (const auto& [name, value] : fields) {
    datagram += name;
    if (value.find('\n') == value.npos)
      datagram += "=" + value;
    else
      datagram += "\n" + length_of(value) + value;
    datagram += "\n";
  }
  return datagram;
}

void send_to_journal(const JournalFields& fields, const std::string& path) noexcept {
  try {
    asio::io_context io;
    asio::local::datagram_protocol::socket socket(io);
    boost::system::error_code error;
    socket.open(asio::local::datagram_protocol(), error);
    socket.non_blocking(true, error);
    socket.connect(asio::local::datagram_protocol::endpoint(path), error);
    if (!error) socket.send(asio::buffer(journal_datagram(fields)), 0, error);
    if (error) log_debug("Cannot write to the journal: {}", error.message());
  } catch (const std::exception& error) {
    log_debug("Cannot write to the journal: {}", error.what());
  }
}

}  // namespace xylem::pull
