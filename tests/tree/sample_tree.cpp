#include "tree/sample_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "base/codec/sha256.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

constexpr char tree_script[] = R"(
  umask 022
  mkdir -p tree/usr/bin tree/usr/share tree/empty tree/ü/日本 tree/closed tree/usr/lib/modules/6.1
  printf 'hello\n' > tree/usr/hello
  ln tree/usr/hello tree/usr/hello-again
  : > tree/usr/empty
  printf '#!/bin/sh\n' > tree/usr/bin/su
  printf '#!/bin/sh\necho\n' > tree/usr/bin/shared
  printf 'secret\n' > tree/closed/secret
  printf 'kernel\n' > tree/usr/lib/modules/6.1/vmlinuz
  printf 'unreadable\n' > tree/usr/unreadable
  head -c 300000 /dev/zero > tree/ü/日本/zeros
  seq 1 60000 > tree/usr/share/numbers
  ln -s ../nowhere tree/usr/link
  ln -s hello tree/usr/to-hello
  ln -s 'zi€l' tree/ü/ß
  for i in $(seq 1 40); do echo $i > tree/usr/share/file$i; done
  setfattr -n user.zz -v last tree/usr/hello
  setfattr -n user.aa -v first tree/usr/hello
  setfattr -n user.note -v kept tree/empty
  mkdir -p second/usr/bin second/new
  printf 'replaced\n' > second/usr/hello
  printf 'new\n' > second/new/file
  ln -s usr second/link
)";

constexpr char owner_script[] = R"(
  chown 12:34 tree/usr/share/numbers tree/closed
  chown -h 56:78 tree/usr/link
  setfattr -n trusted.secret -v 1 tree/usr/bin/shared
)";

constexpr char mode_script[] = R"(
  chmod 4755 tree/usr/bin/su
  chmod 2775 tree/usr/bin/shared
  chmod 1777 tree/empty
  chmod 0700 tree/closed
  chmod 0600 tree/closed/secret
  chmod 0222 tree/usr/unreadable
  chmod 0666 tree/usr/share/file1
  chmod 0750 second/new
)";

std::string binary(Program program) {
  return program == Program::Xylem ? XYLEM_BINARY : "ostree";
}

std::string attributes_text(const PathAt& path) {
  std::vector<std::string> texts;
  for (const auto& attribute : os::list_xattrs(path))
    texts.push_back(attribute.name + "=" + std::string(as_text(attribute.value)));
  std::sort(texts.begin(), texts.end());
  return fmt::format("{}", fmt::join(texts, ","));
}

std::string content_text(const PathAt& path, const struct stat& info) {
  if (S_ISLNK(info.st_mode)) return os::read_link(path);
  if (!S_ISREG(info.st_mode)) return "-";
  return sha256(os::read_file(os::open(path, O_RDONLY), 1U << 30)).hex();
}

void add_lines(const PathAt& path, const std::string& name, std::vector<std::string>& lines) {
  const auto info = os::try_stat(path);
  if (!info) return;
  // Symlinks that are links of objects have the object's time; those that were made, that of now.
  lines.push_back(fmt::format("{} {:o} {}:{} [{}] {} linked={} epoch={}", name, info->st_mode,
                              info->st_uid, info->st_gid, attributes_text(path),
                              content_text(path, *info),
                              !S_ISDIR(info->st_mode) && info->st_nlink > 1, info->st_mtime == 0));
  if (!S_ISDIR(info->st_mode)) return;
  const UniqueFd dir = os::open_dir(path);
  for (const DirEntry& entry : list_directory(dir))
    add_lines({dir, entry.name}, name + "/" + entry.name, lines);
}

}  // namespace

Answer ask(Program program, const std::string& repo, const Arguments& arguments) {
  constexpr char script[] = "{ \"$@\" 2>&1; echo \"status $?\"; } | grep -av '^hint: '";
  Arguments command{"sh", "-c", script, "sh"};
  command.insert(command.end(), {binary(program), "--repo=" + repo});
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string output = run(command).output;
  const std::size_t last = output.rfind("status ");
  return {output.substr(last) == "status 0\n", output.substr(0, last)};
}

std::ostream& operator<<(std::ostream& stream, const Answer& answer) {
  return stream << (answer.ok ? "ok: " : "failed: ") << answer.text;
}

std::string tell(Program program, const std::string& repo, const Arguments& arguments) {
  Arguments command{binary(program), "--repo=" + repo};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_ok(command);
}

void init_repository(const std::string& repo, const std::string& mode) {
  tell(Program::Ostree, repo, {"init", "--mode=" + mode});
  tell(Program::Ostree, repo, {"config", "set", "core.fsync", "false"});
}

std::string shell(const TempDir& dir, const std::string& script) {
  return run_ok({"sh", "-euc", "cd " + dir.path() + "\n" + script});
}

bool is_root() {
  return ::geteuid() == 0;
}

void make_sample_trees(const TempDir& dir) {
  shell(dir, tree_script);
  // Changing the owner drops setuid bits: modes come last.
  if (is_root()) shell(dir, owner_script);
  shell(dir, mode_script);
}

std::vector<std::string> writable_modes() {
  std::vector<std::string> modes{"archive", "bare-user", "bare-user-only"};
  if (is_root()) modes.push_back("bare");
  return modes;
}

std::vector<std::string> snapshot(const std::string& path) {
  std::vector<std::string> lines;
  add_lines({FileDescriptor::cwd(), path}, "", lines);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> differences(const std::vector<std::string>& first,
                                     const std::vector<std::string>& second) {
  std::vector<std::string> removed;
  std::vector<std::string> added;
  std::set_difference(first.begin(), first.end(), second.begin(), second.end(),
                      std::back_inserter(removed));
  std::set_difference(second.begin(), second.end(), first.begin(), first.end(),
                      std::back_inserter(added));
  std::vector<std::string> result;
  for (const std::string& line : removed) result.push_back("- " + line);
  for (const std::string& line : added) result.push_back("+ " + line);
  return result;
}

}  // namespace xylem::test
