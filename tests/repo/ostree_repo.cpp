#include "repo/ostree_repo.hpp"

#include <algorithm>
#include <sstream>

#include "base/os/os.hpp"
#include "support/process.hpp"

namespace xylem::test {

std::vector<std::string> ostree_command(const std::string& path,
                                        std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ostree", "--repo=" + path});
  return arguments;
}

OstreeRepo::OstreeRepo(const std::string& mode, const std::vector<std::string>& init_options) {
  std::vector<std::string> arguments{"init", "--mode=" + mode};
  arguments.insert(arguments.end(), init_options.begin(), init_options.end());
  run(arguments);
}

std::string OstreeRepo::run(std::vector<std::string> arguments) const {
  return run_ok(ostree_command(path(), std::move(arguments)));
}

std::string OstreeRepo::run_sorted(std::vector<std::string> arguments) const {
  std::istringstream output(run(std::move(arguments)));
  std::vector<std::string> lines;
  for (std::string line; std::getline(output, line);) lines.push_back(line);
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

bool OstreeRepo::succeeds(std::vector<std::string> arguments) const {
  return test::run(ostree_command(path(), std::move(arguments))).status == 0;
}

Checksum OstreeRepo::commit(const std::string& ref, const std::string& content,
                            const std::vector<std::string>& options) const {
  const std::string tree = beside("tree");
  os::make_dir({FileDescriptor::cwd(), tree}, 0755);
  write_file(tree + "/file", content);
  std::vector<std::string> arguments{"commit", "-b", ref, "--tree=dir=" + tree,
                                     "--canonical-permissions"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return Checksum::parse(run(arguments));
}

}  // namespace xylem::test
