#include "repo/store/named_ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/store_layout.hpp"
#include "repo/keep/extras.hpp"
#include "repo/store/ingest_record.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

std::string ingest_dir(const std::string& name) {
  return layout::ingest_prefix + name;
}

/// 0 if it cannot be told.
pid_t owner_of(const PathAt& dir) {
  const UniqueFd lock =
      os::try_open({dir.dir, dir.name + layout::lock_suffix}, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return lock.valid() ? os::lock_holder(lock) : 0;
}

[[noreturn]] void throw_in_use(const PathAt& dir, const std::string& name) {
  const pid_t owner = owner_of(dir);
  throw Error(ErrorKind::Locked,
              fmt::format("{} is being written by {}", name,
                          owner == 0 ? "another process" : fmt::format("process {}", owner)),
              {.path = os::path_of(dir), .hint = "wait for it to end, or take another name"});
}

TmpDirLock lock_ingest(const PathAt& dir, const std::string& name) {
  TmpDirLock lock = TmpDirLock::try_acquire(dir);
  if (!lock.held()) throw_in_use(dir, name);
  return lock;
}

void require_own_dir(FileDescriptor dir, const PathAt& path) {
  if (!is_ours(dir))
    throw Error(ErrorKind::Io, fmt::format("{} belongs to another user", os::path_of(path)),
                {.path = os::path_of(path)});
}

bool is_same_object(const NewObject& one, const NewObject& other) {
  return one.kind == other.kind && one.uid == other.uid && one.gid == other.gid &&
         one.mode == other.mode && one.symlink_target == other.symlink_target;
}

std::uint64_t size_of(FileDescriptor file) {
  return static_cast<std::uint64_t>(os::stat(file).st_size);
}

std::optional<IngestStatus> status_of(FileDescriptor tmp, const std::string& dir_name) {
  const PathAt path{tmp, dir_name};
  const UniqueFd dir = try_look_into(path);
  const auto record = dir.valid() ? read_ingest_record(dir) : std::nullopt;
  const auto data = record ? os::try_stat({dir, layout::ingest_data}) : std::nullopt;
  if (!data) return std::nullopt;
  IngestStatus status;
  status.name = dir_name.substr(sizeof layout::ingest_prefix - 1);
  status.kind = record->object.kind;
  status.bytes = static_cast<std::uint64_t>(data->st_size);
  status.total = record->object.total;
  status.started = record->started;
  status.updated = data->st_mtime;
  status.active = is_in_use(path);
  status.pid = status.active ? owner_of(path) : 0;
  return status;
}

}  // namespace

NamedIngest NamedIngest::begin(FileDescriptor tmp, const std::string& name,
                               const NewObject& object) {
  require_file_name("an ingest", name);
  NamedIngest ingest;
  ingest.tmp_ = tmp;
  ingest.dir_name_ = ingest_dir(name);
  const PathAt path{tmp, ingest.dir_name_};
  ingest.lock_ = lock_ingest(path, name);
  constexpr mode_t ours_alone = 0700;
  if (!ingest.lock_.dir().valid() &&
      (!os::make_dir(path, ours_alone) || !ingest.lock_.adopt_dir(path)))
    throw_in_use(path, name);
  const FileDescriptor dir = ingest.lock_.dir();
  require_own_dir(dir, path);

  const auto record = read_ingest_record(dir);
  if (record && !is_same_object(record->object, object))
    throw Error(ErrorKind::Conflict, fmt::format("{} was begun as another object", name))
        .hint("abort it first, or take another name");
  ingest.record_ = {object, record ? record->started : std::time(nullptr)};
  write_ingest_record(dir, ingest.record_);
  constexpr mode_t private_file = 0600;
  ingest.data_ = os::open({dir, layout::ingest_data}, O_RDWR | O_CREAT | O_NOFOLLOW, private_file);
  // Without its record nobody can say what the bytes are.
  if (!record) os::truncate(ingest.data_, 0);
  ingest.size_ = size_of(ingest.data_);
  return ingest;
}

void NamedIngest::append(ByteView bytes) {
  os::write_all_at(data_, bytes, size_);
  size_ += bytes.size();
  touch_now_and_then();
}

void NamedIngest::truncate(std::uint64_t size) {
  if (size > size_)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("There are {} bytes, and not {}", size_, size));
  os::truncate(data_, size);
  size_ = size;
}

void NamedIngest::remove() {
  const TmpDirLock lock = std::move(lock_);
  data_.reset();
  remove_tree({tmp_, dir_name_});
}

/// Against cleaners that go by age.
void NamedIngest::touch_now_and_then() {
  constexpr std::int64_t interval = 60;
  const std::int64_t now = std::time(nullptr);
  if (now - touched_ < interval) return;
  touched_ = now;
  lock_.file().touch();
  write_ingest_record(lock_.dir(), record_);
}

std::vector<IngestStatus> list_ingests(FileDescriptor tmp) {
  std::vector<IngestStatus> ingests;
  if (!tmp.valid()) return ingests;
  for (const DirEntry& entry : list_directory(tmp)) {
    if (!entry.name.starts_with(layout::ingest_prefix) || entry.name.ends_with(layout::lock_suffix))
      continue;
    if (auto status = status_of(tmp, entry.name)) ingests.push_back(std::move(*status));
  }
  std::ranges::sort(ingests, {}, &IngestStatus::name);
  return ingests;
}

void abort_ingest(FileDescriptor tmp, const std::string& name) {
  require_file_name("an ingest", name);
  const PathAt path{tmp, ingest_dir(name)};
  if (!os::exists(path)) throw Error(ErrorKind::NotFound, fmt::format("No such ingest: {}", name));
  const TmpDirLock lock = lock_ingest(path, name);
  remove_tree(path);
}

}  // namespace xylem::repo
