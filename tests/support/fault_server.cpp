#include "support/fault_server.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/string.hpp>
#include <mutex>
#include <optional>
#include <thread>

#include "server/http_server.hpp"
#include "support/faulty_reply.hpp"

namespace xylem::test {

namespace asio = boost::asio;
using server::Request;
using server::Stream;

namespace {

/// A rule and how often it has met a request.
struct ActiveFault {
  Fault fault;
  unsigned met = 0;

  bool applies(const std::string& path) {
    if (fnmatch(fault.path.c_str(), path.c_str(), 0) != 0) return false;
    const unsigned number = met++;
    return number >= fault.skip && (!fault.count || number < fault.skip + *fault.count);
  }
};

SeenRequest seen(const Request& request) {
  SeenRequest seen{.method = std::string(request.method_string()),
                   .target = std::string(request.target())};
  for (const auto& field : request) seen.headers.emplace_back(field.name_string(), field.value());
  return seen;
}

}  // namespace

std::string SeenRequest::header(const std::string& name) const {
  const auto same = [&](const auto& header) { return boost::beast::iequals(header.first, name); };
  const auto found = std::ranges::find_if(headers, same);
  return found == headers.end() ? "" : found->second;
}

class FaultServer::Impl {
 public:
  Impl(FileDescriptor root, std::uint16_t port)
      : files_(root),
        server_(std::in_place, io_.get_executor(), server::ListenOptions{.port = port},
                [this](Stream& stream, const Request& request) { return answer(stream, request); }),
        port_(server_->port()),
        thread_([this] { io_.run(); }) {}

  ~Impl() {
    asio::post(io_, [this] {
      server_.reset();
      io_.stop();  // what sleeps or stalls is dropped
    });
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

  void set_faults(std::vector<Fault> faults) {
    const std::lock_guard lock(mutex_);
    faults_.clear();
    for (auto& fault : faults) faults_.push_back({std::move(fault)});
  }

  std::vector<SeenRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  void forget_requests() {
    const std::lock_guard lock(mutex_);
    requests_.clear();
  }

 private:
  asio::awaitable<bool> answer(Stream& stream, const Request& request) {
    const Fault fault = choose(request);
    server::Reply reply = faulty_reply(files_, request, fault);
    reply.keep_alive = request.keep_alive();
    remember(request, reply.status);
    co_return co_await send_faulty(stream, request, reply, fault);
  }

  Fault choose(const Request& request) {
    const std::lock_guard lock(mutex_);
    const std::string path(request.target());
    for (auto& active : faults_)
      if (active.applies(path)) return active.fault;
    return {};
  }

  void remember(const Request& request, unsigned status) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(seen(request));
    requests_.back().status = status;
  }

  asio::io_context io_{1};
  const server::StaticFiles files_;
  mutable std::mutex mutex_;
  std::vector<ActiveFault> faults_;
  std::vector<SeenRequest> requests_;
  std::optional<server::HttpServer> server_;
  const std::uint16_t port_;
  std::thread thread_;
};

FaultServer::FaultServer(FileDescriptor root, std::uint16_t port)
    : impl_(std::make_unique<Impl>(root, port)) {}

FaultServer::~FaultServer() = default;

std::uint16_t FaultServer::port() const {
  return impl_->port();
}

std::string FaultServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + (path.empty() ? "" : "/" + path);
}

void FaultServer::set_faults(std::vector<Fault> faults) {
  impl_->set_faults(std::move(faults));
}

void FaultServer::set_fault(const std::string& words) {
  set_faults({parse_fault(words)});
}

std::vector<SeenRequest> FaultServer::requests() const {
  return impl_->requests();
}

std::size_t FaultServer::count(const std::string& target) const {
  return static_cast<std::size_t>(std::ranges::count(requests(), target, &SeenRequest::target));
}

void FaultServer::forget_requests() {
  impl_->forget_requests();
}

}  // namespace xylem::test
