// tcp-relay TARGET-PORT [--port N] [--round-trip MS] [--cut-after BYTES] [--cut-every MS]
//
// Relays to a port of this machine until it is told to stop (SIGINT, SIGTERM); with --cut-every it
// resets all connections again and again.

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <iostream>

#include "support/relay.hpp"

int main(int argc, char** argv) {
  CLI::App app("A TCP relay that makes the way long, or breaks it");
  std::uint16_t target = 0;
  std::uint16_t port = 0;
  unsigned round_trip = 0;
  std::uint64_t cut_after = 0;
  unsigned cut_every = 0;
  app.add_option("target", target)->required();
  app.add_option("--port", port);
  app.add_option("--round-trip", round_trip);
  app.add_option("--cut-after", cut_after);
  app.add_option("--cut-every", cut_every);
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the relay's thread begins
  xylem::test::Relay relay(target, std::chrono::milliseconds(round_trip), port);
  relay.cut_after(cut_after);
  std::cout << relay.port() << std::endl;
  const unsigned pause = cut_every == 0 ? 1000 : cut_every;
  const timespec patience{pause / 1000, static_cast<long>(pause % 1000) * 1'000'000};
  while (sigtimedwait(&signals, nullptr, &patience) < 0)
    if (cut_every != 0) relay.cut();
  return 0;
}
