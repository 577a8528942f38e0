#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ctime>

#include "base/printable.hpp"
#include "cli/commands/cmd.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/help_layout.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/terminal.hpp"
#include "cli/progress/json_text.hpp"
#include "cli/progress/progress_text.hpp"
#include "pull/downloads/transfers.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

std::string bytes_text(const Transfer& transfer) {
  std::string text = format_size(transfer.bytes);
  if (transfer.total) text += " of " + format_size(*transfer.total);
  return text;
}

std::string age_text(std::int64_t then, std::int64_t now) {
  return then == 0 ? "-" : format_duration(std::chrono::seconds(now - then)) + " ago";
}

std::string what_text(const Transfer& transfer) {
  if (transfer.kind != Transfer::Kind::Pull) return name(transfer.kind);
  if (transfer.remote.empty()) return "pull";
  return printable(fmt::format("pull {} {}", transfer.remote, fmt::join(transfer.refs, " ")));
}

std::string process_text(const Transfer& transfer) {
  return transfer.pid == 0 ? "-" : std::to_string(transfer.pid);
}

/// A line for each, in columns.
void print_table(const std::vector<Transfer>& transfers, std::size_t width, std::int64_t now) {
  fmt::print("{:<{}}  {:<6}  {:>11}  {:>11}  {:>7}  {:<22}  {}\n", "NAME", width, "STATE",
             "STARTED", "UPDATED", "PROCESS", "BYTES", "WHAT");
  for (const Transfer& transfer : transfers)
    fmt::print("{:<{}}  {:<6}  {:>11}  {:>11}  {:>7}  {:<22}  {}\n", printable(transfer.name),
               width, name(transfer.state), age_text(transfer.started, now),
               age_text(transfer.updated, now), process_text(transfer), bytes_text(transfer),
               what_text(transfer));
}

/// Where columns do not fit: the name, and the rest below it.
void print_list(const std::vector<Transfer>& transfers, std::int64_t now, std::size_t columns) {
  for (const Transfer& transfer : transfers) {
    const std::string rest =
        fmt::format("{}, {}, {}; started {}, updated {}, process {}", what_text(transfer),
                    name(transfer.state), bytes_text(transfer), age_text(transfer.started, now),
                    age_text(transfer.updated, now), process_text(transfer));
    fmt::print("{}\n    {}\n", printable(transfer.name), wrap(rest, columns, 4));
  }
}

/// Columns, but on a terminal that is too narrow for them.
void print_text(const std::vector<Transfer>& transfers) {
  if (transfers.empty()) return fmt::print("No transfers\n");
  constexpr std::size_t other_columns = 85;
  const std::int64_t now = std::time(nullptr);
  std::size_t width = 4;
  for (const Transfer& transfer : transfers) width = std::max(width, transfer.name.size());
  if (has_cursor() && width + other_columns > terminal_columns())
    print_list(transfers, now, terminal_columns());
  else
    print_table(transfers, width, now);
}

Json json_of(const Transfer& transfer) {
  Json object = {{"name", transfer.name},         {"kind", name(transfer.kind)},
                 {"state", name(transfer.state)}, {"bytes", transfer.bytes},
                 {"started", transfer.started},   {"updated", transfer.updated}};
  if (transfer.total) object["total"] = *transfer.total;
  if (transfer.pid != 0) object["pid"] = transfer.pid;
  if (transfer.kind == Transfer::Kind::Pull) {
    object["remote"] = transfer.remote;
    object["refs"] = transfer.refs;
  }
  return object;
}

void list(const Globals& globals, bool json) {
  const auto transfers = pull::list_transfers(open_repo(globals).tmp());
  if (!json) return print_text(transfers);
  Json array = Json::array();
  for (const Transfer& transfer : transfers) array.push_back(json_of(transfer));
  print_json_line({{"transfers", std::move(array)}});
}

void abort(const Globals& globals, const std::string& name) {
  const repo::Repo repo = open_writable_repo(globals);
  const InterruptWatcher interrupt;
  pull::abort_transfer(repo.tmp(), name, interrupt.token());
  fmt::print("Aborted {}\n", name);
}

void add_abort(CLI::App& transfers, Globals& globals) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = add_command(transfers, globals, "abort",
                                  "Stop a transfer and delete its partial data", "NAME");
  require(add_arguments(*command, "name", *name));
  on_run(*command, [=, &globals] { abort(globals, *name); });
}

}  // namespace

void add_transfers(CLI::App& app, Globals& globals) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = add_command(app, globals, "transfers",
                                  "List running and interrupted downloads", "[abort NAME]");
  add_flag(*command, "--json", *json, "Print the result as one JSON object");
  add_abort(*command, globals);
  on_run(*command, [=, &globals] { list(globals, *json); });
}

}  // namespace xylem::cli
