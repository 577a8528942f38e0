#include "support/nginx.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "base/os.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

using boost::asio::ip::tcp;

tcp::endpoint loopback(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

/// A port that was free a moment ago.
std::uint16_t free_port() {
  boost::asio::io_context io;
  return tcp::acceptor(io, loopback(0)).local_endpoint().port();
}

/// In Debian, daemons are not in the path of users.
constexpr const char* program = "/usr/sbin/nginx";

std::string tls_section(const std::string& root, std::uint16_t port, const Nginx::Tls& tls) {
  if (tls.certificates == nullptr) return {};
  return fmt::format(
      "server {{ listen 127.0.0.1:{} ssl{}; root {}; ssl_certificate {};"
      " ssl_certificate_key {}; ssl_client_certificate {}; ssl_verify_client {}; }}",
      port, tls.http2 ? " http2" : "", root, tls.certificates->server_certificate(),
      tls.certificates->server_key(), tls.certificates->ca(),
      tls.wants_client_certificate ? "on" : "off");
}

constexpr const char* main_section = R"(
daemon off; master_process off; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 512; }}
http {{
  log_format short '$server_protocol $request_method $uri $status';
  access_log {0}/access.log short; default_type application/octet-stream;
  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c;
  uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
  server {{ listen 127.0.0.1:{1}; root {2}; }}
  {3}
}}
)";

}  // namespace

bool have_nginx() {
  return os::exists({FileDescriptor::cwd(), program});
}

Nginx::Nginx(const std::string& root, const Tls& tls)
    : http_port_(free_port()), https_port_(free_port()) {
  if (!have_nginx()) throw std::runtime_error("nginx is not installed");
  configure(root, tls);
  process_ = std::make_unique<Child>(
      std::vector<std::string>{program, "-c", dir_ / "nginx.conf", "-e", dir_ / "error.log"});
  while (!answers()) {
    if (!process_->running()) throw std::runtime_error("nginx does not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Nginx::~Nginx() {
  process_->signal(SIGTERM);
  process_->wait();
}

void Nginx::configure(const std::string& root, const Tls& tls) const {
  write_file(dir_ / "nginx.conf", fmt::format(main_section, dir_.path(), http_port_, root,
                                              tls_section(root, https_port_, tls)));
}

bool Nginx::answers() const {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.connect(loopback(http_port_), error);
  return !error;
}

std::string Nginx::http_url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}/{}", http_port_, path);
}

std::string Nginx::https_url(const std::string& path) const {
  return fmt::format("https://127.0.0.1:{}/{}", https_port_, path);
}

std::string Nginx::access_log() const {
  const Bytes text = read_file(dir_ / "access.log");
  return std::string(as_text(text));
}

}  // namespace xylem::test
