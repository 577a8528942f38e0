#include "crash/recording.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/os/os.hpp"

namespace xylem::test {

using os::Call;
using os::Operation;
using Kind = Step::Kind;

namespace {

/// Whether this thread is making a call for the recorder itself.
thread_local bool recording_now = false;

struct NowRecording {
  NowRecording() { recording_now = true; }
  NowRecording(const NowRecording&) = delete;
  NowRecording& operator=(const NowRecording&) = delete;
  ~NowRecording() { recording_now = false; }
};

std::string parent_of(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : name.substr(0, slash);
}

std::string leaf_of(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

void set_content(Node& node, const Bytes& bytes) {
  node.content = std::make_shared<Bytes>(bytes);
}

void remove_name(DiskImage& image, Inode dir, const std::string& name, Inode inode) {
  auto& entries = image.nodes[dir].entries;
  const auto found = entries.find(name);
  if (found != entries.end() && found->second == inode) entries.erase(found);
}

void apply_data(DiskImage& image, const Step& step) {
  Node& node = image.nodes[step.inode];
  Bytes bytes = *node.content;
  if (step.kind == Kind::Truncate) {
    bytes.resize(step.offset);
  } else {
    bytes.resize(std::max<std::size_t>(bytes.size(), step.offset + step.bytes.size()));
    std::copy(step.bytes.begin(), step.bytes.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(step.offset));
  }
  set_content(node, bytes);
}

}  // namespace

void apply_metadata(DiskImage& image, const Step& step) {
  if (step.inode != no_inode && step.inode >= image.nodes.size())
    image.nodes.resize(step.inode + 1);
  switch (step.kind) {
    case Kind::Create:
      image.nodes[step.inode].attributes = step.attributes;
      if (S_ISLNK(step.attributes.mode)) set_content(image.nodes[step.inode], step.bytes);
      if (step.dir != no_inode) image.nodes[step.dir].entries[step.name] = step.inode;
      break;
    case Kind::Rename:
      remove_name(image, step.from_dir, step.from_name, step.inode);
      [[fallthrough]];
    case Kind::Link:
      image.nodes[step.dir].entries[step.name] = step.inode;
      break;
    case Kind::Remove:
      remove_name(image, step.dir, step.name, step.inode);
      break;
    case Kind::SetAttributes:
      image.nodes[step.inode].attributes = step.attributes;
      break;
    case Kind::Write:
    case Kind::Truncate:
    case Kind::Sync:
    case Kind::SyncAll:
      break;
  }
}

DiskImage tree_after(const Recording& recording, std::size_t count) {
  DiskImage image = recording.start;
  for (std::size_t index = 0; index < count; ++index) {
    const Step& step = recording.steps[index];
    apply_metadata(image, step);
    if (step.kind == Kind::Write || step.kind == Kind::Truncate) apply_data(image, step);
  }
  return image;
}

long Recorder::call(const Call& call, const std::function<long()>& real) {
  if (recording_now) return real();
  const std::lock_guard lock(mutex_);
  const NowRecording now;
  // Its bytes would have to be read back; without it the caller copies by hand.
  if (call.operation == Operation::Copy) {
    errno = EXDEV;
    return -1;
  }
  const Before before = look(call);
  const long result = real();
  const int error_number = errno;
  if (result != -1) note(call, before, result);
  errno = error_number;
  return result;
}

Recorder::Before Recorder::look(const Call& call) const {
  Before before;
  switch (call.operation) {
    case Operation::Create:
    case Operation::Unlink:
    case Operation::RemoveDir:
      before.existed = os::exists(*call.path);
      before.inode = find(*call.path);
      break;
    case Operation::Rename:
    case Operation::Link:
      before.inode = find(*call.from);
      break;
    case Operation::Write:
      before.position = call.offset != os::at_position
                            ? call.offset
                            : static_cast<std::uint64_t>(::lseek(call.fd.get(), 0, SEEK_CUR));
      break;
    default:
      break;
  }
  return before;
}

void Recorder::note(const Call& call, const Before& before, long result) {
  const Place place = call.path != nullptr ? place_of(*call.path) : Place();
  switch (call.operation) {
    case Operation::Create:
    case Operation::CreateNameless:
    case Operation::MakeDir:
    case Operation::Symlink:
      return note_create(call, before, result);
    case Operation::Write: {
      const ByteView written = call.bytes.first(static_cast<std::size_t>(result));
      return add({.kind = Kind::Write,
                  .inode = find(call.fd),
                  .bytes = {written.begin(), written.end()},
                  .offset = before.position});
    }
    case Operation::Truncate:
      return add({.kind = Kind::Truncate, .inode = find(call.fd), .offset = call.offset});
    case Operation::Link:
      return add({.kind = Kind::Link, .inode = before.inode, .dir = place.dir, .name = place.name});
    case Operation::LinkNameless:
      return add(
          {.kind = Kind::Link, .inode = find(call.fd), .dir = place.dir, .name = place.name});
    case Operation::Rename: {
      const Place from = place_of(*call.from);
      return add({.kind = Kind::Rename,
                  .inode = before.inode,
                  .dir = place.dir,
                  .name = place.name,
                  .from_dir = from.dir,
                  .from_name = from.name});
    }
    case Operation::Unlink:
    case Operation::RemoveDir:
      return add(
          {.kind = Kind::Remove, .inode = before.inode, .dir = place.dir, .name = place.name});
    case Operation::SetMode:
    case Operation::SetOwner:
    case Operation::SetTimes:
    case Operation::SetAttribute:
    case Operation::RemoveAttribute:
      return note_attributes(call);
    case Operation::Sync:
    case Operation::SyncFileSystem:
      return note_sync(call);
    default:
      return;  // changes nothing that lasts
  }
}

void Recorder::note_create(const Call& call, const Before& before, long result) {
  const bool opens = call.operation == Operation::Create;
  if (opens && before.existed) {
    if ((call.flags & O_TRUNC) != 0)
      add({.kind = Kind::Truncate, .inode = before.inode, .offset = 0});
    return;
  }
  const bool nameless = call.operation == Operation::CreateNameless;
  const Place place = nameless ? Place{find(*call.path), ""} : place_of(*call.path);
  if (place.dir == no_inode) return;
  const struct stat info = opens || nameless ? os::stat(FileDescriptor(static_cast<int>(result)))
                                             : os::try_stat(*call.path).value();
  Step step{.kind = Kind::Create, .inode = make_inode({info.st_dev, info.st_ino})};
  step.attributes = {info.st_mode, info.st_uid, info.st_gid, info.st_mtime, {}};
  if (!nameless) step.dir = place.dir;
  step.name = place.name;
  step.bytes = {call.bytes.begin(), call.bytes.end()};
  add(std::move(step));
}

void Recorder::note_attributes(const Call& call) {
  const bool by_fd = call.fd.valid();
  const Inode inode = by_fd ? find(call.fd) : find(*call.path);
  if (inode == no_inode) return;
  add({.kind = Kind::SetAttributes,
       .inode = inode,
       .attributes = by_fd ? read_attributes(call.fd) : read_attributes(os::path_of(*call.path))});
}

void Recorder::note_sync(const Call& call) {
  const Inode inode = find(call.fd);
  if (inode == no_inode) return;
  if (call.operation == Operation::Sync)
    add({.kind = Kind::Sync, .inode = inode});
  else
    add({.kind = Kind::SyncAll});
}

void Recorder::add(Step step) {
  const bool elsewhere = step.inode == no_inode && step.kind != Kind::SyncAll;
  if (elsewhere || (leave_out_ && leave_out_(step))) return;
  recording_.steps.push_back(std::move(step));
}

Inode Recorder::make_inode(const FileId& id) {
  const Inode inode = recording_.next_inode++;
  ids_.insert_or_assign(id, inode);
  return inode;
}

Inode Recorder::find(const struct stat& info) const {
  const auto found = ids_.find({info.st_dev, info.st_ino});
  return found == ids_.end() ? no_inode : found->second;
}

Inode Recorder::find(FileDescriptor fd) const {
  return find(os::stat(fd));
}

Inode Recorder::find(const PathAt& path) const {
  const auto info = os::try_stat(path);
  return info ? find(*info) : no_inode;
}

Recorder::Place Recorder::place_of(const PathAt& path) const {
  return {find(PathAt{path.dir, parent_of(path.name)}), leaf_of(path.name)};
}

}  // namespace xylem::test
