#include "pull/transfers.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/directory.hpp"
#include "base/os.hpp"
#include "fetcher/download_name.hpp"
#include "fetcher/download_record.hpp"
#include "pull/pull_record.hpp"
#include "repo/layout.hpp"
#include "repo/tmpdir.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

constexpr std::time_t patience = 30;
constexpr std::uint64_t record_limit = 64 * 1024;

/// One download directory.
struct Directory {
  std::string name;
  UniqueFd fd;
  bool owned = false;
};

bool is_download_dir(const DirEntry& entry) {
  return entry.type == DT_DIR && entry.name.starts_with(repo::layout::fetch_prefix);
}

std::vector<Directory> directories(FileDescriptor tmp) {
  std::vector<Directory> found;
  for (const DirEntry& entry : list_directory(tmp)) {
    if (!is_download_dir(entry)) continue;
    UniqueFd fd = os::try_open({tmp, entry.name}, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!fd.valid()) continue;
    const bool owned = !repo::TmpDirLock::try_acquire({tmp, entry.name}).held();
    found.push_back({entry.name, std::move(fd), owned});
  }
  return found;
}

Transfer pull_of(const Directory& dir, std::time_t now) {
  Transfer transfer{.name = dir.name, .kind = Transfer::Kind::Pull};
  if (const auto record = read_pull_record(dir.fd)) {
    transfer.remote = record->remote;
    transfer.refs = record->refs;
    transfer.pid = dir.owned ? record->pid : 0;
    transfer.bytes = record->bytes;
    transfer.started = record->started;
    transfer.updated = record->updated;
  }
  transfer.state = transfer_state(dir.owned, transfer.updated, now);
  return transfer;
}

std::optional<fetcher::DownloadRecord> record_of(FileDescriptor dir, const std::string& download) {
  const auto text = os::try_read_file({dir, fetcher::record_name(download)}, record_limit);
  return text ? fetcher::parse_record(as_text(*text)) : std::nullopt;
}

std::optional<Transfer> object_of(const Directory& dir, const DirEntry& entry, const Transfer& pull,
                                  std::time_t now) {
  const std::string name = fetcher::download_of(entry.name);
  if (entry.type != DT_REG || entry.name != fetcher::part_name(name)) return std::nullopt;
  const auto info = os::try_stat({dir.fd, entry.name});
  if (!info) return std::nullopt;
  Transfer transfer{.name = name, .kind = Transfer::Kind::Object};
  transfer.pid = pull.pid;
  transfer.bytes = static_cast<std::uint64_t>(info->st_size);
  transfer.updated = info->st_mtime;
  transfer.state = transfer_state(dir.owned, transfer.updated, now);
  if (const auto record = record_of(dir.fd, name)) {
    transfer.total = record->total;
    transfer.started = record->started;
  }
  return transfer;
}

bool has_download(const Directory& dir, const std::string& name) {
  return os::exists({dir.fd, fetcher::part_name(name)});
}

/// Waits until the directory is ours, or gone.
repo::TmpDirLock await_end(FileDescriptor tmp, const Directory& dir, const CancelToken& cancel) {
  constexpr std::chrono::milliseconds interval{50};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (;;) {
    auto lock = repo::TmpDirLock::try_acquire({tmp, dir.name});
    if (lock.held()) return lock;
    cancel.check();
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(ErrorKind::Locked, fmt::format("The owner of {} does not react", dir.name))
          .hint("it may be stopped: end that process");
    std::this_thread::sleep_for(interval);
  }
}

void remove_download(FileDescriptor dir, const std::string& name) {
  for (const std::string& file : {fetcher::part_name(name), fetcher::record_name(name), name})
    os::unlink({dir, file});
}

}  // namespace

Transfer::State transfer_state(bool owned, std::time_t updated, std::time_t now) {
  if (!owned) return Transfer::State::Stale;
  return now - updated > patience ? Transfer::State::Paused : Transfer::State::Active;
}

std::vector<Transfer> list_transfers(FileDescriptor tmp) {
  const std::time_t now = std::time(nullptr);
  std::vector<Transfer> transfers;
  for (const Directory& dir : directories(tmp)) {
    const Transfer pull = pull_of(dir, now);
    transfers.push_back(pull);
    for (const DirEntry& entry : list_directory(dir.fd))
      if (auto object = object_of(dir, entry, pull, now)) transfers.push_back(std::move(*object));
  }
  std::ranges::stable_sort(transfers, {}, [](const Transfer& transfer) {
    return std::pair(transfer.kind, transfer.name);
  });
  return transfers;
}

std::uint64_t bytes_of_all_pulls(FileDescriptor tmp) {
  std::uint64_t bytes = 0;
  for (const Directory& dir : directories(tmp))
    if (const auto record = read_pull_record(dir.fd)) bytes += record->bytes;
  return bytes;
}

void abort_transfer(FileDescriptor tmp, const std::string& name, const CancelToken& cancel) {
  bool found = false;
  for (const Directory& dir : directories(tmp)) {
    const bool whole = dir.name == name;
    if (!whole && (name.find('/') != name.npos || !has_download(dir, name))) continue;
    found = true;
    if (dir.owned) os::open({dir.fd, abort_request_name}, O_WRONLY | O_CREAT | O_NOFOLLOW, 0644);
    const repo::TmpDirLock lock = await_end(tmp, dir, cancel);
    if (whole) {
      remove_tree({tmp, name});
    } else {
      remove_download(dir.fd, name);
      os::unlink({dir.fd, abort_request_name});
    }
  }
  if (!found)
    throw Error(ErrorKind::NotFound, fmt::format("There is no transfer {}", name))
        .hint("`xylem transfers` lists them");
}

bool is_abort_requested(FileDescriptor dir) {
  return os::exists({dir, abort_request_name});
}

}  // namespace xylem::pull

namespace xylem {

const char* name(Transfer::Kind kind) noexcept {
  return kind == Transfer::Kind::Pull ? "pull" : "object";
}

const char* name(Transfer::State state) noexcept {
  switch (state) {
    case Transfer::State::Active:
      return "active";
    case Transfer::State::Paused:
      return "paused";
    case Transfer::State::Stale:
      return "stale";
  }
  return "stale";
}

}  // namespace xylem
