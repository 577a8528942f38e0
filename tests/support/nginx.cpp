#include "support/nginx.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <stdexcept>

#include "base/os/os.hpp"
#include "support/loopback.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

using boost::asio::ip::tcp;

/// In Debian, daemons are not in the path of users.
constexpr const char* program = "/usr/sbin/nginx";

std::string tls_section(const std::string& root, std::uint16_t port, const Nginx::Tls& tls,
                        const std::string& lines) {
  if (tls.certificates == nullptr) return {};
  return fmt::format(
      "server {{ listen 127.0.0.1:{} ssl{}; root {}; ssl_certificate {};"
      " ssl_certificate_key {}; ssl_client_certificate {}; ssl_verify_client {}; {} }}",
      port, tls.http2 ? " http2" : "", root, tls.certificates->server_certificate(),
      tls.certificates->server_key(), tls.certificates->ca(),
      tls.wants_client_certificate ? "on" : "off", lines);
}

constexpr const char* main_section = R"(
daemon off; worker_processes 1; user root; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; default_type application/octet-stream;
  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c;
  uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
  {3}
  server {{ listen 127.0.0.1:{1}; root {2}; {4} }}
  {5}
}}
)";

/// The descriptor, for a child to inherit.
int inheritable(tcp::acceptor& acceptor) {
  const int fd = acceptor.native_handle();
  ::fcntl(fd, F_SETFD, 0);
  return fd;
}

}  // namespace

bool have_nginx() {
  return os::exists({FileDescriptor::cwd(), program});
}

Nginx::Nginx(const std::string& root, const Tls& tls, const Lines& lines) {
  if (!have_nginx()) throw std::runtime_error("nginx is not installed");
  // It inherits sockets that listen already: nobody can take the ports meanwhile, and whoever
  // connects before it is ready just waits.
  boost::asio::io_context io;
  tcp::acceptor http(io, loopback(0));
  tcp::acceptor https(io, loopback(0));
  http_port_ = http.local_endpoint().port();
  https_port_ = https.local_endpoint().port();
  configure(root, tls, lines);
  const std::string sockets =
      tls.certificates == nullptr
          ? fmt::format("NGINX={};", inheritable(http))
          : fmt::format("NGINX={};{};", inheritable(http), inheritable(https));
  process_ = std::make_unique<Child>(std::vector<std::string>{
      "setsid", "env", sockets, program, "-c", dir_ / "nginx.conf", "-e", dir_ / "error.log"});
}

Nginx::~Nginx() {
  process_->signal(SIGTERM);
  process_->wait();
}

void Nginx::configure(const std::string& root, const Tls& tls, const Lines& lines) const {
  write_file(dir_ / "nginx.conf",
             fmt::format(main_section, dir_.path(), http_port_, root, lines.http, lines.server,
                         tls_section(root, https_port_, tls, lines.server)));
}

void Nginx::kill() {
  ::kill(-process_->pid(), SIGKILL);
  process_->wait();
}

std::string Nginx::http_url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}/{}", http_port_, path);
}

std::string Nginx::https_url(const std::string& path) const {
  return fmt::format("https://127.0.0.1:{}/{}", https_port_, path);
}

}  // namespace xylem::test
