#include "server/static_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/http_date.hpp"
#include "base/log.hpp"
#include "base/os/os.hpp"
#include "server/http/preconditions.hpp"
#include "server/http/request_path.hpp"
#include "xylem/error.hpp"

namespace xylem::server {

namespace {

constexpr unsigned ok = 200;
constexpr unsigned partial_content = 206;
constexpr unsigned not_modified_status = 304;
constexpr unsigned range_not_satisfiable = 416;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

Reply not_found() {
  return text_reply(404, "There is no such file.");
}

Reply error_reply(const Error& error) {
  if (error.kind() == ErrorKind::InvalidArgument) return not_found();
  switch (error.details().system_errno) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENXIO:
      return not_found();
    case EACCES:
    case EPERM:
      return text_reply(403, "The server may not read this file.");
    default:
      log_warning("Serving a file failed: {}", error.what());
      return text_reply(500, "The server cannot read this file.");
  }
}

FileVersion version_of(const struct stat& info) {
  return {.etag = fmt::format("\"{:x}-{:x}-{:x}.{:x}\"", info.st_ino, info.st_size,
                              info.st_mtim.tv_sec, info.st_mtim.tv_nsec),
          .modified = info.st_mtim.tv_sec};
}

bool client_has(const Request& request, const FileVersion& version) {
  return not_modified(version, view(request[http::field::if_none_match]),
                      view(request[http::field::if_modified_since]));
}

RangeChoice wanted_range(const Request& request, const FileVersion& version, std::uint64_t size) {
  if (!range_allowed(version, view(request[http::field::if_range]))) return {};
  return choose_range(view(request[http::field::range]), size);
}

/// Makes the file, or the part of it that was chosen, the body.
void set_body(Reply& reply, UniqueFd file, std::uint64_t size, const RangeChoice& choice) {
  if (choice.kind == RangeKind::Unsatisfiable) {
    reply.status = range_not_satisfiable;
    reply.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return;
  }
  reply.headers.emplace_back("Content-Type", "application/octet-stream");
  reply.part = {0, size};
  if (choice.kind == RangeKind::Part) {
    reply.status = partial_content;
    reply.part = choice.range;
    const std::uint64_t last = choice.range.offset + choice.range.size - 1;
    reply.headers.emplace_back("Content-Range",
                               fmt::format("bytes {}-{}/{}", choice.range.offset, last, size));
  }
  reply.file = std::move(file);
}

Reply file_reply(const Request& request, UniqueFd file) {
  const struct stat info = os::stat(file);
  if (!S_ISREG(info.st_mode)) return not_found();
  const auto size = static_cast<std::uint64_t>(info.st_size);
  const FileVersion version = version_of(info);
  Reply reply{.status = ok};
  reply.headers = {{"ETag", version.etag},
                   {"Last-Modified", format_http_date(version.modified)},
                   {"Accept-Ranges", "bytes"}};
  if (client_has(request, version))
    reply.status = not_modified_status;
  else
    set_body(reply, std::move(file), size, wanted_range(request, version, size));
  return reply;
}

}  // namespace

/// Without blocking, for the path may name a pipe. A symlink leads only to what is served by its
/// own name, too.
UniqueFd StaticFiles::open(const std::string& path) const try {
  return os::open_beneath({root_, path}, O_RDONLY | O_NONBLOCK, 0, os::Symlinks::Refuse);
} catch (const Error& error) {
  if (error.details().system_errno != ELOOP) throw;
  UniqueFd file = os::open_beneath({root_, path}, O_RDONLY | O_NONBLOCK);
  const std::string root = os::path_of(root_) + "/";
  const std::string real = os::path_of(file);
  const bool is_served =
      real.starts_with(root) &&
      (!choose_ || std::holds_alternative<ServeFile>(choose_(real.substr(root.size()))));
  if (!is_served) os::fail(ENOENT, "Opening", path);
  return file;
}

Reply StaticFiles::reply_for(const Request& request, const std::string& path) const {
  const Served served = choose_ ? choose_(path) : ServeFile{};
  if (std::holds_alternative<ServeNothing>(served)) return not_found();
  if (const auto* text = std::get_if<std::string>(&served)) {
    Reply reply{.status = ok, .text = *text};
    reply.headers.emplace_back("Content-Type", "application/octet-stream");
    return reply;
  }
  return file_reply(request, open(path));
}

Reply StaticFiles::reply(const Request& request) const {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    Reply reply = text_reply(405, "Only GET and HEAD are served.");
    reply.headers.emplace_back("Allow", "GET, HEAD");
    return reply;
  }
  const auto path = request_path(view(request.target()));
  if (!path) return text_reply(400, "This is no path.");
  if (path->empty()) return not_found();
  try {
    return reply_for(request, *path);
  } catch (const Error& error) {
    return error_reply(error);
  }
}

}  // namespace xylem::server
