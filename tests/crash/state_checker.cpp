#include "crash/state_checker.hpp"

#include <fmt/format.h>

#include <iostream>

#include "base/os/directory.hpp"
#include "crash/repo_check.hpp"

namespace xylem::test {

StateChecker::StateChecker(std::string repo, std::vector<std::string> refs,
                           std::vector<std::string> commits, const StateCheckerOptions& options)
    : repo_(std::move(repo)),
      refs_(std::move(refs)),
      commits_(std::move(commits)),
      options_(options) {}

bool StateChecker::check(const DiskImage& image, const std::string& how) {
  ++visited_;
  if (!seen_.insert(image.hash()).second) return true;
  const bool look = seen_outside_.insert(image.hash("tmp")).second;
  const bool pull = seen_.size() % options_.pull_every == 0;
  if (!look && !pull) return true;
  FileIds ids;
  image.write(repo_, ids);
  const std::string trouble = find_trouble(look, pull);
  remove_tree({FileDescriptor::cwd(), repo_});
  if (trouble.empty()) return true;
  constexpr std::size_t most_shown = 5;
  if (++broken_ <= most_shown) std::cout << "BROKEN: " << how << ": " << trouble << std::endl;
  return false;
}

std::string StateChecker::find_trouble(bool look, bool pull) {
  if (look) {
    ++checked_;
    const bool ostree = checked_ % options_.ostree_every == 0;
    by_ostree_ += ostree;
    if (auto damage = find_damage(repo_, ostree); !damage.empty()) return damage;
  }
  if (!pull) return {};
  ++pulled_;
  return find_trouble_of_pull(repo_, refs_, commits_);
}

std::string StateChecker::counts() const {
  return fmt::format(
      "{} cuts, {} different states, {} of them outside of tmp/: {} checked, {} pulled again, {} "
      "by ostree: {} broken",
      visited_, seen_.size(), seen_outside_.size(), checked_, pulled_, by_ostree_, broken_);
}

}  // namespace xylem::test
