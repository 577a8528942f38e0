#pragma once

#include <string>
#include <vector>

#include "base/codec/checksum.hpp"
#include "repo/repo.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

/// A repository made and worked on by the real `ostree`.
class OstreeRepo {
 public:
  explicit OstreeRepo(const std::string& mode = "archive",
                      const std::vector<std::string>& init_options = {});

  std::string path() const { return dir_ / "repo"; }
  std::string operator/(std::string_view name) const { return path() + "/" + std::string(name); }
  /// A file that exists for as long as the repository, beside it.
  std::string beside(std::string_view name) const { return dir_ / name; }
  repo::Repo open() const { return repo::Repo::open(path()); }

  /// `ostree --repo=… arguments`; its output.
  std::string run(std::vector<std::string> arguments) const;
  /// As above, the lines sorted: not every version of ostree does.
  std::string run_sorted(std::vector<std::string> arguments) const;
  /// Whether it succeeds.
  bool succeeds(std::vector<std::string> arguments) const;
  /// Commits a tree with one file, whose content is `content`, to `ref`.
  Checksum commit(const std::string& ref, const std::string& content = "hello",
                  const std::vector<std::string>& options = {}) const;

 private:
  TempDir dir_;
};

/// `ostree --repo=PATH arguments`.
std::vector<std::string> ostree_command(const std::string& path,
                                        std::vector<std::string> arguments);

}  // namespace xylem::test
