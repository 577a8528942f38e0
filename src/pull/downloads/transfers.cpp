#include "pull/downloads/transfers.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <thread>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "fetcher/download/download_name.hpp"
#include "fetcher/download/download_record.hpp"
#include "pull/downloads/abort_request.hpp"
#include "pull/downloads/downloads.hpp"
#include "pull/downloads/holder_watch.hpp"
#include "pull/downloads/pull_record.hpp"
#include "repo/disk/store_layout.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/store/named_ingest.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

Transfer pull_of(const OpenDownloadDir& dir, bool owned, std::time_t now) {
  Transfer transfer{.name = dir.name, .kind = Transfer::Kind::Pull};
  if (const auto record = read_pull_record(dir.fd)) {
    transfer.remote = record->remote;
    transfer.refs = record->refs;
    transfer.pid = owned ? record->pid : 0;
    transfer.bytes = record->bytes;
    transfer.started = record->started;
    transfer.updated = record->updated;
  }
  transfer.state = transfer_state(owned, transfer.updated, now);
  return transfer;
}

std::optional<Transfer> object_of(FileDescriptor dir, const DirEntry& entry, const Transfer& pull,
                                  std::time_t now) {
  const std::string name = fetcher::download_of(entry.name);
  if (entry.type != DT_REG || entry.name != fetcher::part_name(name)) return std::nullopt;
  const auto info = os::try_stat({dir, entry.name});
  if (!info) return std::nullopt;
  Transfer transfer{.name = name, .kind = Transfer::Kind::Object};
  transfer.pid = pull.pid;
  transfer.bytes = static_cast<std::uint64_t>(info->st_size);
  transfer.updated = info->st_mtime;
  transfer.state = pull.state == Transfer::State::Stale
                       ? Transfer::State::Stale
                       : transfer_state(true, transfer.updated, now);
  if (const auto record = fetcher::read_record(dir, name)) {
    transfer.total = record->total;
    transfer.started = record->started;
  }
  return transfer;
}

/// Of one directory, which may be on its way out: what cannot be looked at does not hide the rest.
void add_transfers_of(const OpenDownloadDir& dir, bool owned, std::time_t now,
                      std::vector<Transfer>& transfers) try {
  const Transfer pull = pull_of(dir, owned, now);
  transfers.push_back(pull);
  for (const DirEntry& entry : list_directory(dir.fd))
    if (auto object = object_of(dir.fd, entry, pull, now)) transfers.push_back(std::move(*object));
} catch (const Error& error) {
  if (error.details().system_errno == EACCES) return;  // another user's: its files are not listed
  log_warning("The list of transfers is incomplete: {}", error.what());
}

bool has_download(FileDescriptor dir, const std::string& name) {
  return name.find('/') == name.npos && os::exists({dir, fetcher::part_name(name)});
}

Transfer transfer_of(const IngestStatus& ingest, std::time_t now) {
  Transfer transfer{.name = repo::layout::ingest_prefix + ingest.name,
                    .kind = Transfer::Kind::Ingest};
  transfer.state = transfer_state(ingest.active, ingest.updated, now);
  transfer.pid = ingest.pid;
  transfer.bytes = ingest.bytes;
  transfer.total = ingest.total;
  transfer.started = ingest.started;
  transfer.updated = ingest.updated;
  return transfer;
}

/// Asks the owner, if there is one, to end, and waits until the directory is ours, or gone.
repo::TmpDirLock take_from_owner(FileDescriptor tmp, const OpenDownloadDir& dir,
                                 const CancelToken& cancel) {
  constexpr std::chrono::milliseconds interval{50};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  auto lock = repo::TmpDirLock::try_acquire({tmp, dir.name});
  if (lock.held()) return lock;
  const AbortRequest request(dir.fd);
  for (;;) {
    std::this_thread::sleep_for(interval);
    lock = repo::TmpDirLock::try_acquire({tmp, dir.name});
    if (lock.held()) return lock;
    cancel.check();
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(ErrorKind::Locked, fmt::format("The owner of {} does not respond", dir.name))
          .hint("the process may be stopped: resume or end it");
  }
}

}  // namespace

Transfer::State transfer_state(bool owned, std::time_t updated, std::time_t now) {
  if (!owned) return Transfer::State::Stale;
  return now - updated > holder_patience.count() ? Transfer::State::Paused
                                                 : Transfer::State::Active;
}

std::vector<Transfer> list_transfers(FileDescriptor tmp) {
  // People remove tmp/ to get space back, and who may only read does not make it again.
  if (!tmp.valid()) return {};
  const std::time_t now = std::time(nullptr);
  std::vector<Transfer> transfers;
  for (const OpenDownloadDir& dir : open_download_dirs(tmp))
    add_transfers_of(dir, repo::is_in_use({tmp, dir.name}), now, transfers);
  for (const IngestStatus& ingest : repo::list_ingests(tmp))
    transfers.push_back(transfer_of(ingest, now));
  std::ranges::stable_sort(transfers, {}, [](const Transfer& transfer) {
    return std::pair(transfer.kind, transfer.name);
  });
  return transfers;
}

std::uint64_t bytes_of_all_pulls(FileDescriptor tmp) {
  std::uint64_t bytes = 0;
  for (const OpenDownloadDir& dir : open_download_dirs(tmp))
    if (const auto record = read_pull_record(dir.fd)) bytes += record->bytes;
  return bytes;
}

std::int64_t pid_of_other_pull(FileDescriptor tmp) {
  std::set<std::int64_t> pids;
  for (const OpenDownloadDir& dir : open_download_dirs(tmp))
    if (repo::is_in_use({tmp, dir.name}))
      if (const auto record = read_pull_record(dir.fd)) pids.insert(record->pid);
  pids.erase(::getpid());
  return pids.size() == 1 ? *pids.begin() : 0;
}

void abort_transfer(FileDescriptor tmp, const std::string& name, const CancelToken& cancel) {
  if (name.starts_with(repo::layout::ingest_prefix))
    return repo::abort_ingest(tmp, name.substr(sizeof repo::layout::ingest_prefix - 1));
  bool found = false;
  for (const OpenDownloadDir& dir : open_download_dirs(tmp)) {
    const bool whole = dir.name == name;
    if (!whole && !has_download(dir.fd, name)) continue;
    found = true;
    const repo::TmpDirLock lock = take_from_owner(tmp, dir, cancel);
    if (whole)
      remove_tree({tmp, name});
    else
      for (const std::string& file : fetcher::download_files(name)) os::unlink({dir.fd, file});
  }
  if (!found)
    throw Error(ErrorKind::NotFound, fmt::format("No such transfer: {}", name))
        .hint("`xylem transfers` lists them");
}

}  // namespace xylem::pull

namespace xylem {

const char* name(Transfer::Kind kind) noexcept {
  switch (kind) {
    case Transfer::Kind::Pull:
      return "pull";
    case Transfer::Kind::Object:
      return "object";
    case Transfer::Kind::Ingest:
      return "ingest";
  }
  return "object";
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
