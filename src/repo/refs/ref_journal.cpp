#include "repo/refs/ref_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/codec/sha256.hpp"
#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/refs/ref_file.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr char no_ref[] = "-";
constexpr char unreadable[] = "?";
constexpr char list_name[] = "list";
constexpr char unfinished_list[] = "list.new";

bool is_alias(const std::string& text) {
  return text.starts_with('@');
}

/// Writes a new ref, or nothing for one that shall go, to a place that nobody looks at.
void write_new(const PathAt& path, const std::string& text) {
  if (text == no_ref) return;
  if (is_alias(text)) return os::symlink(text.substr(1), path);
  const UniqueFd file = os::open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
  os::write_all(file, as_bytes(text + "\n"));
}

/// The numbered files, and the list under its first name.
UniqueFd prepare(FileDescriptor repo, const std::vector<JournalEntry>& entries) try {
  make_repo_dir({repo, layout::ref_journal});
  UniqueFd dir = os::open_dir({repo, layout::ref_journal});
  for (std::size_t number = 0; number < entries.size(); ++number)
    write_new({dir, std::to_string(number)}, entries[number].after);
  const UniqueFd list = os::open({dir, unfinished_list}, O_WRONLY | O_CREAT | O_EXCL, 0644);
  os::write_all(list, as_bytes(format_journal(entries)));
  return dir;
} catch (const Error&) {
  remove_tree({repo, layout::ref_journal});
  throw;
}

void move_into_place(FileDescriptor repo, FileDescriptor dir, const JournalEntry& entry,
                     std::size_t number) {
  if (entry.after == no_ref) return delete_ref(repo, entry.place, false);
  put_ref(repo, entry.place, false, [&](const PathAt& place) {
    os::rename({dir, std::to_string(number)}, place);
  });
}

/// Takes back what this process has done of the change, as far as that can be.
void undo(FileDescriptor repo, const std::vector<JournalEntry>& entries) {
  // The last first: one ref may have made room for another.
  for (const JournalEntry& entry : std::views::reverse(entries))
    if (entry.before != unreadable && ref_text(repo, entry.place) == entry.after)
      put_ref_text(repo, entry.place, entry.before, false);
}

void finish(FileDescriptor repo, const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    const std::string now = ref_text(repo, entry.place);
    if (now == entry.before || now == unreadable)
      put_ref_text(repo, entry.place, entry.after, false);
  }
}

void remove_journal(FileDescriptor repo, FileDescriptor dir, bool fsync) {
  if (os::unlink({dir, list_name}) && fsync) os::fsync(dir);
  remove_tree({repo, layout::ref_journal});
}

bool all_there(const Repo& repo, const std::vector<JournalEntry>& entries) {
  return std::ranges::all_of(entries, [&](const JournalEntry& entry) {
    const auto commit = Checksum::from_hex(entry.after);
    return !commit || repo.has({*commit, object::ObjectType::Commit});
  });
}

std::optional<std::vector<JournalEntry>> read_list(FileDescriptor dir) {
  constexpr std::uint64_t largest = 256 << 20;
  const UniqueFd list = os::try_open({dir, list_name}, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!list.valid()) return std::nullopt;
  os::require_regular(list, {dir, list_name});
  return parse_journal(as_text(os::read_file(list, largest)));
}

/// Whoever may write the list says what is written under our name.
bool is_ref_text(std::string_view text, bool may_be_unreadable) {
  if (text == no_ref || (may_be_unreadable && text == unreadable)) return true;
  return text.starts_with('@') ? text.size() > 1 : Checksum::from_hex(text).has_value();
}

/// One line without its end.
std::optional<JournalEntry> parse_entry(std::string_view line) {
  const std::size_t first = line.find('\t');
  const std::size_t second = line.find('\t', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  auto place = parse_ref_path(std::string(line.substr(0, first)));
  const std::string_view before = line.substr(first + 1, second - first - 1);
  const std::string_view after = line.substr(second + 1);
  if (!place || !is_ref_text(before, true) || !is_ref_text(after, false)) return std::nullopt;
  return JournalEntry{std::move(*place), std::string(before), std::string(after)};
}

}  // namespace

std::string ref_text(FileDescriptor repo, const RefPlace& place) try {
  const PathAt path{repo, place.path()};
  const auto info = os::try_stat(path);
  if (!info || S_ISDIR(info->st_mode)) return no_ref;
  if (S_ISLNK(info->st_mode)) return "@" + os::read_link(path);
  const auto commit = read_ref_file(repo, place.path());
  return commit ? commit->hex() : no_ref;
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (error.kind() == ErrorKind::Corrupt) return unreadable;
  if (reason == ENOTDIR) return no_ref;
  throw;
}

void put_ref_text(FileDescriptor repo, const RefPlace& place, const std::string& text, bool fsync) {
  if (ref_text(repo, place) == text) return;
  if (text == no_ref) return delete_ref(repo, place, fsync);
  put_ref(repo, place, fsync, [&](const PathAt& path) {
    if (is_alias(text))
      replace_symlink(path, text.substr(1), fsync);
    else
      replace_file(path, as_bytes(text + "\n"), fsync);
  });
}

void write_with_journal(FileDescriptor repo, const std::vector<JournalEntry>& entries, bool fsync) {
  const UniqueFd dir = prepare(repo, entries);
  if (fsync) os::syncfs(dir);
  os::rename({dir, unfinished_list}, {dir, list_name});
  if (fsync) os::fsync(dir);
  try {
    for (std::size_t number = 0; number < entries.size(); ++number)
      move_into_place(repo, dir, entries[number], number);
  } catch (const Error&) {
    undo(repo, entries);
    if (fsync) os::syncfs(dir);
    remove_journal(repo, dir, fsync);
    throw;
  }
  if (fsync) os::syncfs(dir);
  remove_journal(repo, dir, fsync);
}

bool has_journal(FileDescriptor repo) {
  return os::exists({repo, layout::ref_journal});
}

void recover_journal(const Repo& repo) {
  if (!has_journal(repo.dir())) return;
  const UniqueFd dir = os::open_beneath({repo.dir(), layout::ref_journal}, O_RDONLY | O_DIRECTORY);
  const auto entries = read_list(dir);
  if (entries) {
    const bool whole = all_there(repo, *entries);
    log_info("A change of {} refs that was broken off is {}", entries->size(),
             whole ? "finished" : "undone");
    whole ? finish(repo.dir(), *entries) : undo(repo.dir(), *entries);
    if (repo.config().fsync) os::syncfs(dir);
  }
  remove_journal(repo.dir(), dir, repo.config().fsync);
}

std::string format_journal(const std::vector<JournalEntry>& entries) {
  std::string text;
  for (const JournalEntry& entry : entries)
    text += fmt::format("{}\t{}\t{}\n", entry.place.path(), entry.before, entry.after);
  return text + "end " + sha256(as_bytes(text)).hex() + "\n";
}

std::optional<std::vector<JournalEntry>> parse_journal(std::string_view text) {
  constexpr std::size_t end_size = 4 + Checksum::hex_size + 1;
  if (text.size() < end_size) return std::nullopt;
  const std::string_view body = text.substr(0, text.size() - end_size);
  if (text.substr(body.size()) != "end " + sha256(as_bytes(body)).hex() + "\n") return std::nullopt;
  std::vector<JournalEntry> entries;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = body.find('\n', at);
    if (end == std::string_view::npos) return std::nullopt;
    auto entry = parse_entry(body.substr(at, end - at));
    if (!entry) return std::nullopt;
    entries.push_back(std::move(*entry));
    at = end + 1;
  }
  return entries;
}

}  // namespace xylem::repo
