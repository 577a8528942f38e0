#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "cli/commands/cmd.hpp"
#include "cli/frame/collection_arguments.hpp"
#include "cli/frame/interrupt.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/shared/pull_job.hpp"
#include "pull/jobs/find_remotes.hpp"
#include "repo/keyrings.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

using pull::Finder;
using pull::FoundRemote;
using WantedRefs = std::vector<repo::CollectionRef>;

struct FindCommand {
  std::vector<std::string> arguments;
  std::string finders = "config,mount";
  PullOptions options;
  bool pull = false;
};

std::vector<Finder> parse_finders(const CLI::App& command, const std::string& text) {
  std::vector<Finder> finders;
  for (const std::string& name : split(text, ',')) {
    if (name == "lan")
      usage_error(command, "LAN repo finder requested but xylem was built without Avahi support");
    const Finder finder = name == "mount" ? Finder::Mount : Finder::Config;
    const bool known = name == "mount" || name == "config";
    if (!known || std::ranges::count(finders, finder) != 0)
      usage_error(
          command,
          fmt::format("Unknown or duplicate finder type given in --finders option: ‘{}’", name));
    finders.push_back(finder);
  }
  if (finders.empty())
    usage_error(command, "List of finders in --finders option must not be empty");
  return finders;
}

std::string time_text(std::uint64_t seconds) {
  if (seconds == 0) return "unknown";
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return "invalid";
  return fmt::format("{:%FT%TZ}", parts);
}

void print_place(std::size_t number, const FoundRemote& found, const WantedRefs& wanted) {
  const bool config = found.place.finder == Finder::Config;
  fmt::print(
      "Result {}: {}\n - Finder: {}\n - Keyring: {}\n - Priority: {}\n"
      " - Summary last modified: {}\n - Refs:\n",
      number, printable(found.place.url),
      config ? "OstreeRepoFinderConfig" : "OstreeRepoFinderMount",
      repo::remote_keyring_name(found.place.remote), found.place.priority,
      time_text(found.place.last_modified));
  for (const repo::CollectionRef& ref : wanted) {
    const auto commit = found.refs.find(ref);
    fmt::print("    - ({}, {}) = {}\n", ref.collection_id, ref.ref,
               commit == found.refs.end() ? "(not found)" : commit->second.hex());
  }
  fmt::print("\n");
}

void print_summary(const std::set<repo::CollectionRef>& missing, const WantedRefs& wanted) {
  fmt::print("{}/{} refs were found.\n", wanted.size() - missing.size(), wanted.size());
  if (!missing.empty()) fmt::print("Refs not found in any remote:\n");
  for (const repo::CollectionRef& ref : missing)
    fmt::print(" - ({}, {})\n", ref.collection_id, ref.ref);
}

/// Each ref from the first place where it can be had; throws what the last one of them threw.
void pull_found(const Globals& globals, const FindCommand& find, std::vector<FoundRemote> places,
                std::set<repo::CollectionRef> left) {
  const repo::Repo repo = open_writable_repo(globals);
  std::optional<Error> failure;
  const std::size_t count = left.size();
  for (FoundRemote& place : places) {
    std::erase_if(place.refs, [&](const auto& entry) { return !left.contains(entry.first); });
    if (place.refs.empty()) continue;
    try {
      run_pull(globals, {.options = pull::options_for(repo, place, find.options)});
      for (const auto& [ref, commit] : place.refs) left.erase(ref);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled) throw;
      log_warning("{}: {}", place.place.url, error.what());
      failure = error;
    }
  }
  if (!left.empty() && failure) throw Error(*failure);
  fmt::print("Pulled {0}/{0} refs successfully.\n", count);
}

void run(const CLI::App& command, const Globals& globals, const FindCommand& find) {
  const WantedRefs wanted = parse_collection_refs(command, find.arguments, 0);
  if (find.options.mirror && !find.pull)
    usage_error(command, "When --mirror is specified, --pull must also be");
  const auto finders = parse_finders(command, find.finders);
  const InterruptWatcher interrupt;
  auto places =
      pull::find_remotes(open_repo(globals), wanted, finders, find.options, interrupt.token());
  std::set<repo::CollectionRef> missing(wanted.begin(), wanted.end());
  std::set<repo::CollectionRef> found;
  for (std::size_t i = 0; i < places.size(); ++i) {
    print_place(i, places[i], wanted);
    for (const auto& [ref, commit] : places[i].refs)
      if (missing.erase(ref) != 0) found.insert(ref);
  }
  if (places.empty()) {
    fmt::print("No results.\n");
    return;
  }
  print_summary(missing, wanted);
  if (find.pull) pull_found(globals, find, std::move(places), std::move(found));
}

}  // namespace

void add_find_remotes(CLI::App& app, Globals& globals) {
  auto find = std::make_shared<FindCommand>();
  CLI::App* command =
      add_command(app, globals, "find-remotes", "Find remotes to serve the given refs",
                  "COLLECTION-ID REF [COLLECTION-ID REF...]");
  add_value(*command, "--cache-dir", find->options.cache_dir, "Use custom cache dir", "DIR");
  add_flag(*command, "--disable-fsync", find->options.disable_fsync, "Do not invoke fsync()");
  add_value(*command, "--finders", find->finders,
            "Use the specified comma separated list of finders (e.g. config,mount)", "FINDERS");
  add_flag(*command, "--pull", find->pull, "Pull the updates after finding them");
  add_flag(*command, "--mirror", find->options.mirror, "Do a mirror pull (see pull --mirror)");
  add_arguments(*command, "arguments", find->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, *find); });
}

}  // namespace xylem::cli
