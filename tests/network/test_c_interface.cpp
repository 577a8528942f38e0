// The network options of the C interface, each in a pull.

#include <poll.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <utility>

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
    const Ptr<xylem_pull_result, xylem_pull_result_free> result(
        xylem_repository_pull(repository.get(), options.get(), progress, data, nullptr, &error));
    if (result) return XYLEM_ERROR_OTHER;
    const Ptr<xylem_error, xylem_error_free> owned(error);
    return xylem_error_get_kind(error);
  }
  bool is_complete() const { return target.is_sound(source.head()); }
};

void lift_limit(const xylem_progress* progress, void* limit) {
  if (xylem_progress_get(progress, XYLEM_PROGRESS_BYTES_TRANSFERRED) > 0)
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

namespace {

/// Runs a pull as a program with an event loop does.
struct Loop {
  Ptr<xylem_pull, xylem_pull_free> pull;
  xylem_error* error = nullptr;
  std::thread::id progress_thread;

  static void on_progress(const xylem_progress*, void* self) {
    static_cast<Loop*>(self)->progress_thread = std::this_thread::get_id();
  }

  void start(Site& site) {
    pull.reset(xylem_pull_start(site.repository.get(), site.options.get(), on_progress, this,
                                nullptr, &error));
    REQUIRE(pull != nullptr);
  }
  bool turn() {
    pollfd waiting{.fd = xylem_pull_get_fd(pull.get()), .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&waiting, 1, 60'000) == 1);
    return xylem_pull_dispatch(pull.get()) == 0;
  }
};

}  // namespace

TEST_CASE("a pull runs beside an event loop", "[network][c]") {
  Site site;
  Loop loop;
  loop.start(site);
  while (loop.turn()) {
  }
  const Ptr<xylem_pull_result, xylem_pull_result_free> result(
      xylem_pull_finish(loop.pull.get(), &loop.error));
  REQUIRE(result);
  CHECK(loop.progress_thread == std::this_thread::get_id());
  CHECK(xylem_pull_result_count_refs(result.get()) == 1);
  CHECK(xylem_pull_result_commit(result.get(), 0) == site.source.head());
  CHECK(xylem_pull_result_ref(result.get(), 1) == nullptr);
  CHECK(xylem_pull_result_get(result.get(), XYLEM_RESULT_BYTES_TRANSFERRED) > 0);
  CHECK(site.is_complete());
}

TEST_CASE("a pull beside an event loop is cancelled", "[network][c]") {
  Site site;
  site.server.set_fault("stall=0");
  Loop loop;
  loop.start(site);
  SECTION("and ends") {
    xylem_pull_cancel(loop.pull.get());
    while (loop.turn()) {
    }
    CHECK(xylem_pull_finish(loop.pull.get(), &loop.error) == nullptr);
    const Ptr<xylem_error, xylem_error_free> owned(loop.error);
    CHECK(xylem_error_get_kind(owned.get()) == XYLEM_ERROR_CANCELLED);
  }
  SECTION("by its end, without a wait for it") {
    loop.pull.reset();
  }
}

TEST_CASE("errors tell their details", "[network][c]") {
  Site site;
  site.server.set_fault("path=*.filez status=500");
  xylem_error* error = nullptr;
  CHECK(xylem_repository_pull(site.repository.get(), site.options.get(), nullptr, nullptr, nullptr,
                              &error) == nullptr);
  const Ptr<xylem_error, xylem_error_free> owned(error);
  REQUIRE(owned);
  CHECK(xylem_error_http_status(error) == 500);
  CHECK(std::string(xylem_error_url(error)).find(".filez") != std::string::npos);
  CHECK(xylem_error_needed_bytes(error, nullptr) == 0);
  CHECK(std::string(xylem_error_kind_name(xylem_error_get_kind(error))) == "network");
  CHECK(xylem_error_kind_exit_code(xylem_error_get_kind(error)) == 5);
}

TEST_CASE("NULL where something is needed is refused", "[c]") {
  xylem_error* error = nullptr;
  const auto refused = [&] {
    const Ptr<xylem_error, xylem_error_free> owned(std::exchange(error, nullptr));
    return owned && xylem_error_get_kind(owned.get()) == XYLEM_ERROR_INVALID_ARGUMENT;
  };
  CHECK(xylem_repository_open(nullptr, &error) == nullptr);
  CHECK(refused());
  CHECK(xylem_repository_create("x", nullptr, &error) == nullptr);
  CHECK(refused());
  CHECK(xylem_repository_resolve(nullptr, "x", &error) == nullptr);
  CHECK(refused());
  CHECK(xylem_repository_is_complete(nullptr, "x", &error) == -1);
  CHECK(refused());

  Site site;
  CHECK(xylem_repository_set_remote(site.repository.get(), nullptr, "x", 0, &error) == 0);
  CHECK(refused());
  CHECK(xylem_repository_pull(site.repository.get(), nullptr, nullptr, nullptr, nullptr, &error) ==
        nullptr);
  CHECK(refused());
  xylem_pull_options_add_ref(site.options.get(), nullptr);
  CHECK(xylem_pull_start(site.repository.get(), site.options.get(), nullptr, nullptr, nullptr,
                         &error) == nullptr);
  CHECK(refused());
  xylem_pull_options_set_mirror(nullptr, 1);
  xylem_cancel_request(nullptr);
}
