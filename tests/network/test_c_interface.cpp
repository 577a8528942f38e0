// The network options of the C interface, each in a pull.

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "base/bytes.hpp"
#include "pull_site.hpp"
#include "support/relay.hpp"
#include "support/temp_dir.hpp"
#include "xylem/xylem.h"

using namespace xylem::test;

namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
template <typename T, auto free_function>
using Ptr = std::unique_ptr<T, Free<free_function>>;

struct Site {
  SourceRepo source;
  FaultServer server{source.fd()};
  Relay relay{server.port()};
  TargetRepo target{"http://127.0.0.1:" + std::to_string(relay.port()) + "/"};
  Ptr<xylem_repository, xylem_repository_free> repository{
      xylem_repository_open(target.path().c_str(), nullptr)};
  Ptr<xylem_pull_options, xylem_pull_options_free> options{xylem_pull_options_new("origin")};

  Site() {
    xylem_pull_options_add_ref(options.get(), os_ref.c_str());
    xylem_pull_options_set_network_retries(options.get(), 0);
    xylem_pull_options_set_update_frequency(options.get(), 5);
  }
  /// XYLEM_ERROR_OTHER if it goes well.
  xylem_error_kind pull(xylem_progress_function progress = nullptr, void* data = nullptr) {
    xylem_error* error = nullptr;
    if (xylem_repository_pull(repository.get(), options.get(), progress, data, nullptr, nullptr,
                              &error) != 0)
      return XYLEM_ERROR_OTHER;
    const Ptr<xylem_error, xylem_error_free> owned(error);
    return xylem_error_get_kind(error);
  }
  bool is_complete() const { return target.is_sound(source.head()); }
};

void lift_limit(const xylem_progress* progress, void* limit) {
  if (progress->bytes_transferred > 0)
    xylem_rate_limit_set(static_cast<xylem_rate_limit*>(limit), 0);
}

/// Remembers what was refused; each token is longer.
struct Tokens {
  std::string current;
  std::string refused = "none";
};

const char* next_token(const char*, const char* refused, void* data) {
  auto& tokens = *static_cast<Tokens*>(data);
  tokens.refused = refused;
  tokens.current += "Bearer x";
  return tokens.current.c_str();
}

/// On a thread of the pull: tries to write beside the repository.
void write_outside(const xylem_progress*, void* path) {
  std::ofstream(*static_cast<const std::string*>(path)) << "outside";
}

}  // namespace

TEST_CASE("the rate is limited, and freed while the pull runs", "[network][c]") {
  Site site;
  const Ptr<xylem_rate_limit, xylem_rate_limit_free> limit(xylem_rate_limit_new(100));
  xylem_pull_options_set_rate_limit(site.options.get(), limit.get());
  CHECK(site.pull(lift_limit, limit.get()) == XYLEM_ERROR_OTHER);
  CHECK(site.is_complete());
}

TEST_CASE("the bytes, the time and the silence of a pull are limited", "[network][c]") {
  Site site;
  SECTION("bytes") {
    xylem_pull_options_set_max_bytes(site.options.get(), 2'000'000);
    CHECK(site.pull() == XYLEM_ERROR_CANCELLED);
  }
  SECTION("time") {
    site.server.set_fault("stall=0");
    xylem_pull_options_set_deadline(site.options.get(), 1);
    CHECK(site.pull() == XYLEM_ERROR_TIMEOUT);
  }
  SECTION("silence") {
    site.server.set_fault("stall=0");
    xylem_pull_options_set_low_speed(site.options.get(), 1000, 1);
    CHECK(site.pull() == XYLEM_ERROR_TIMEOUT);
  }
}

TEST_CASE("the network is waited for", "[network][c]") {
  Site site;
  site.relay.refuse(true);
  CHECK(site.pull() == XYLEM_ERROR_NETWORK);
  xylem_pull_options_set_wait_online(site.options.get(), 1);
  const std::size_t before = site.relay.connections();
  std::jthread repair([&](const std::stop_token& stop) {
    while (site.relay.connections() < before + 3 && !stop.stop_requested())
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    site.relay.refuse(false);
  });
  CHECK(site.pull() == XYLEM_ERROR_OTHER);
  CHECK(site.is_complete());
}

TEST_CASE("the width is set", "[network][c]") {
  Site site;
  xylem_pull_options_set_max_requests(site.options.get(), 2);
  CHECK(site.pull() == XYLEM_ERROR_OTHER);
  CHECK(site.relay.connections() <= 2);
}

TEST_CASE("requests are traced", "[network][c]") {
  Site site;
  const std::string file = site.target.path() + "/trace";
  xylem_pull_options_set_trace_file(site.options.get(), file.c_str());
  CHECK(site.pull() == XYLEM_ERROR_OTHER);
  const xylem::Bytes trace = read_file(file);
  CHECK(xylem::as_text(trace).find("\"status\":200") != std::string_view::npos);
}

TEST_CASE("a token is asked for again when it is refused", "[network][c]") {
  Site site;
  site.server.set_fault("skip=3 count=1 status=401");
  Tokens tokens;
  xylem_pull_options_set_authorization(site.options.get(), next_token, &tokens);
  CHECK(site.pull() == XYLEM_ERROR_OTHER);
  CHECK(tokens.refused == "Bearer x");
  CHECK(site.server.requests().front().header("Authorization") == "Bearer x");
  CHECK(site.server.requests().back().header("Authorization") == "Bearer xBearer x");
}

TEST_CASE("a pull is put into a sandbox", "[network][c]") {
  Site site;
  const TempDir elsewhere;
  std::string outside = elsewhere / "file";
  SECTION("without one it writes where it likes") {
    CHECK(site.pull(write_outside, &outside) == XYLEM_ERROR_OTHER);
    CHECK(std::filesystem::exists(outside));
  }
  SECTION("in one only in the repository") {
    xylem_pull_options_set_sandbox(site.options.get(), 1);
    const xylem_error_kind result = site.pull(write_outside, &outside);
    if (result == XYLEM_ERROR_UNSUPPORTED) return;  // a kernel without Landlock
    CHECK(result == XYLEM_ERROR_OTHER);
    CHECK(site.is_complete());
    CHECK_FALSE(std::filesystem::exists(outside));
  }
}
