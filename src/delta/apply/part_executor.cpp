#include "delta/apply/part_executor.hpp"

#include <fmt/format.h>

#include "delta/apply/file_content.hpp"
#include "delta/format/limits.hpp"
#include "object/file_mode.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

using object::FileHeader;
using object::ObjectName;
using object::ObjectType;

namespace {

[[noreturn]] void throw_damaged_source(const Checksum& file) {
  ErrorDetails details;
  details.object = ObjectName{file, ObjectType::File}.text();
  throw Error(ErrorKind::Corrupt,
              fmt::format("The delta reads from file {}, which is damaged here", file.hex()),
              std::move(details));
}

/// The target has no NUL at its end.
std::string parse_target(ByteView bytes) {
  const std::string_view target = as_text(bytes);
  if (target.empty() || target.find('\0') != std::string_view::npos)
    throw Error(ErrorKind::Corrupt, "A symbolic link has no target, or one with a NUL in it");
  return std::string(target);
}

void require_regular(const FileHeader& header) {
  object::validate_file_mode(header.mode);
  if (header.is_symlink())
    throw Error(ErrorKind::Corrupt,
                "The operations write a symbolic link as if it were a regular file");
}

/// The operations between objects. Each that begins an object also completes it.
class Executor {
 public:
  Executor(const PartHeader& header, const RandomSource& bytes, PartStore& store,
           const CancelToken& cancel)
      : objects_(header.objects),
        payload_(bytes),
        store_(store),
        cancel_(cancel),
        operations_(bytes, payload_.layout().operations),
        source_(store) {}

  void run();
  const PartOutcome& outcome() const { return outcome_; }
  std::uint64_t operation_count() const { return operations_.count(); }

  void operator()(const SpliceMetadata& operation);
  void operator()(const SpliceFile& operation);
  void operator()(const OpenFile& operation);
  void operator()(const SetReadSource& operation) {
    source_.set(named_source(payload_, operation));
  }
  void operator()(const UnsetReadSource&) { source_.unset(); }
  /// Any other.
  template <typename Other>
  void operator()(const Other&) {
    throw Error(ErrorKind::Corrupt, "The operation writes, but no object is open");
  }

 private:
  std::optional<ObjectType> next_type() const;
  /// The next object of the list; null if it is here already.
  const ObjectName* take_next();
  void write(const ObjectName& name, const FileHeader& header, std::uint64_t size,
             ByteSource& content);
  void require_sound_sources();

  const std::vector<ObjectName>& objects_;
  Payload payload_;
  PartStore& store_;
  const CancelToken& cancel_;
  OperationReader operations_;
  ReadSource source_;
  std::size_t next_ = 0;  ///< In objects_.
  PartOutcome outcome_;
};

void Executor::run() {
  while (const auto operation = operations_.next(next_type())) {
    cancel_.check();
    std::visit(*this, *operation);
  }
  if (next_ < objects_.size())
    throw Error(ErrorKind::Corrupt,
                fmt::format("The part makes {} of its {} objects", next_, objects_.size()));
}

std::optional<ObjectType> Executor::next_type() const {
  if (next_ == objects_.size()) return std::nullopt;
  return objects_[next_].type;
}

const ObjectName* Executor::take_next() {
  const ObjectName& name = objects_[next_++];
  if (!store_.has(name)) return &name;
  ++outcome_.present;
  return nullptr;
}

void Executor::operator()(const SpliceMetadata& operation) {
  const ObjectName* const name = take_next();
  if (name == nullptr) return;
  store_.write_metadata(*name, payload_.read_blob(operation.content, max_metadata_size));
  ++outcome_.made;
}

void Executor::operator()(const SpliceFile& operation) {
  const ObjectName* const name = take_next();
  if (name == nullptr) return;
  FileHeader header = payload_.file_header(operation.attributes, operation.xattrs);
  object::validate_file_mode(header.mode);
  if (header.is_symlink()) {
    header.symlink_target = parse_target(payload_.read_blob(operation.content, max_symlink_target));
    MemorySource nothing({});
    write(*name, header, 0, nothing);
  } else {
    StretchSource content(payload_.bytes(), payload_.in_blob(operation.content));
    write(*name, header, operation.content.size, content);
  }
}

void Executor::operator()(const OpenFile& operation) {
  if (next_type() != ObjectType::File)
    throw Error(ErrorKind::Corrupt, "The next object of the list is not a file");
  FileContent content(operations_, payload_, source_, operation.size);
  const ObjectName* const name = take_next();
  if (name == nullptr) return content.skip();
  const FileHeader header = payload_.file_header(operation.attributes, operation.xattrs);
  require_regular(header);
  source_.take_used();
  write(*name, header, operation.size, content);
}

/// What was made from a damaged file is damaged, too, and only that file is to blame.
void Executor::write(const ObjectName& name, const FileHeader& header, std::uint64_t size,
                     ByteSource& content) {
  try {
    store_.write_content(name.checksum, header, size, content);
  } catch (Error& error) {
    if (error.kind() != ErrorKind::Corrupt) throw;
    require_sound_sources();
    if (error.details().object.empty()) error.details().object = name.text();
    throw;
  }
  if (std::uint8_t more = 0; content.read({&more, 1}) > 0)
    throw Error(ErrorKind::Corrupt, fmt::format("{} is longer than announced", name.text()));
  ++outcome_.made;
}

void Executor::require_sound_sources() {
  for (const Checksum& file : source_.take_used())
    if (!store_.is_sound(file)) throw_damaged_source(file);
}

}  // namespace

PartOutcome execute_part(const PartHeader& header, const RandomSource& payload, PartStore& store,
                         const CancelToken& cancel) {
  Executor executor(header, payload, store, cancel);
  try {
    executor.run();
  } catch (Error& error) {
    if (error.kind() != ErrorKind::Cancelled)
      error.prefix(fmt::format("Operation {}", executor.operation_count()));
    throw;
  }
  return executor.outcome();
}

}  // namespace xylem::delta
