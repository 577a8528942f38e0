#include "server/http/reply.hpp"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>
#include <ctime>
#include <iterator>

#include "base/http_date.hpp"

namespace xylem::server {

namespace {

/// Statuses that have no body by definition, and so no length of one.
bool has_length(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace

Reply text_reply(unsigned status, std::string_view text) {
  Reply reply{.status = status};
  reply.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  reply.text = std::string(text) + "\n";
  return reply;
}

std::string format_head(const Reply& reply, bool with_length) {
  const std::string_view reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(reply.status));
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nConnection: {}\r\n", reply.status, reason,
                  format_http_date(std::time(nullptr)), reply.keep_alive ? "keep-alive" : "close");
  const auto out = std::back_inserter(head);
  for (const auto& [name, value] : reply.headers) fmt::format_to(out, "{}: {}\r\n", name, value);
  if (with_length && has_length(reply.status))
    fmt::format_to(out, "Content-Length: {}\r\n", reply.body_size());
  return head += "\r\n";
}

}  // namespace xylem::server
