#include "support/faulty_reply.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/glib.hpp"

namespace xylem::test {

namespace http = server::http;
using server::Reply;
using server::Request;

namespace {

bool is_validator(const std::pair<std::string, std::string>& header) {
  return header.first == "ETag" || header.first == "Last-Modified";
}

bool may_enter(const Request& request, const std::string& credentials) {
  const GStringPtr encoded(
      g_base64_encode(reinterpret_cast<const guchar*>(credentials.data()), credentials.size()));
  return request[http::field::authorization] == std::string("Basic ") + encoded.get();
}

Reply status_reply(const Fault& fault) {
  constexpr unsigned no_content = 204;
  Reply reply = server::text_reply(*fault.status, "This is a fault.");
  if (*fault.status == no_content) reply.text.clear();  // A body would be taken for the next reply.
  if (fault.retry_after) reply.headers.emplace_back("Retry-After", *fault.retry_after);
  return reply;
}

Reply redirect_reply(const std::string& location) {
  Reply reply = server::text_reply(302, "It is elsewhere.");
  reply.headers.emplace_back("Location", location);
  return reply;
}

Reply auth_reply() {
  Reply reply = server::text_reply(401, "Who are you?");
  reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"test\"");
  return reply;
}

Reply html_reply() {
  Reply reply{.status = 200, .text = "<!DOCTYPE html><html><body>Please log in.</body></html>\n"};
  reply.headers.emplace_back("Content-Type", "text/html");
  return reply;
}

void set_content_range(Reply& reply, std::uint64_t first, std::uint64_t size, std::uint64_t total) {
  std::erase_if(reply.headers, [](const auto& header) { return header.first == "Content-Range"; });
  reply.headers.emplace_back("Content-Range",
                             fmt::format("bytes {}-{}/{}", first, first + size - 1, total));
}

/// Only the first half of what was asked for.
void halve(Reply& reply) {
  const std::uint64_t total = reply.part.offset + reply.part.size;
  reply.status = 206;
  reply.part.size = std::max<std::uint64_t>(reply.part.size / 2, 1);
  set_content_range(reply, reply.part.offset, reply.part.size, total);
}

/// The front of the file, honestly labelled, whatever was asked for.
void shift_range(Reply& reply) {
  const std::uint64_t total = reply.part.offset + reply.part.size;
  reply.part.offset = 1;
  reply.part.size = total - 1;
  set_content_range(reply, 1, total - 1, total);
}

void add_ballast(Reply& reply, std::uint64_t size) {
  constexpr std::uint64_t line = 1000;
  for (std::uint64_t done = 0; done < size; done += line)
    reply.headers.emplace_back("X-Ballast", std::string(line, 'x'));
}

}  // namespace

Reply faulty_reply(const server::StaticFiles& files, const Request& request, const Fault& fault) {
  if (fault.auth && !may_enter(request, *fault.auth)) return auth_reply();
  if (fault.redirect) return redirect_reply(*fault.redirect);
  if (fault.status) return status_reply(fault);
  if (fault.html) return html_reply();
  Request asked = request;
  if (fault.ignore_range) asked.erase(http::field::range);
  Reply reply = files.reply(asked);
  if (fault.no_validators) std::erase_if(reply.headers, is_validator);
  if (fault.half_range && reply.file.valid()) halve(reply);
  if (fault.wrong_range && reply.status == 206) shift_range(reply);
  if (fault.length) reply.headers.emplace_back("Content-Length", std::to_string(*fault.length));
  if (fault.gzip) reply.headers.emplace_back("Content-Encoding", "gzip");
  add_ballast(reply, fault.headers);
  if (fault.chunked) reply.headers.emplace_back("Transfer-Encoding", "chunked");
  return reply;
}

}  // namespace xylem::test
