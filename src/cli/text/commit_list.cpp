#include "cli/text/commit_list.hpp"

namespace xylem::cli {

std::vector<Checksum> list_commits(const repo::Repo& repo) {
  std::vector<Checksum> commits;
  repo.store().for_each([&](const object::ObjectName& name) {
    if (name.type == object::ObjectType::Commit) commits.push_back(name.checksum);
  });
  return commits;
}

}  // namespace xylem::cli
