#pragma once

/// \file
/// The files below a directory as answers to requests.

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "base/os/fd.hpp"
#include "server/http/http_types.hpp"
#include "server/http/reply.hpp"

namespace xylem::server {

struct ServeFile {};     ///< What is there.
struct ServeNothing {};  ///< As if it were not there.
/// What is answered for a path: a text stands in place of the file.
using Served = std::variant<ServeFile, ServeNothing, std::string>;
/// Decides by the path below the root, decoded. May throw Error as opening the file would.
using Choose = std::function<Served(std::string_view path)>;

/// GET and HEAD with one range and conditions. Serves regular files only, and nothing outside of
/// the root, whatever the request or a symlink says. Any thread.
class StaticFiles {
 public:
  /// `root` is borrowed. Without `choose` all files are served.
  explicit StaticFiles(FileDescriptor root, Choose choose = {})
      : root_(root), choose_(std::move(choose)) {}

  /// Never throws for what a client or the file system does: those are statuses.
  Reply reply(const Request& request) const;

 private:
  UniqueFd open(const std::string& path) const;
  Reply reply_for(const Request& request, const std::string& path) const;

  FileDescriptor root_;
  Choose choose_;
};

}  // namespace xylem::server
