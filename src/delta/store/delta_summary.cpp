#include "delta/store/delta_summary.hpp"

#include "delta/apply/part_reader.hpp"
#include "delta/format/operations.hpp"
#include "delta/format/payload.hpp"

namespace xylem::delta {

namespace {

/// Counts operations, and follows which object they are about.
class Counter {
 public:
  explicit Counter(const std::vector<object::ObjectName>& objects) : objects_(objects) {}

  std::optional<object::ObjectType> next_type() const {
    if (next_ >= objects_.size()) return std::nullopt;
    return objects_[next_].type;
  }
  const OperationCounts& counts() const { return counts_; }

  void operator()(const SpliceMetadata&) { complete(counts_.splice); }
  void operator()(const SpliceFile&) { complete(counts_.splice); }
  void operator()(const OpenFile&) { ++counts_.open; }
  void operator()(const Write&) { ++counts_.write; }
  void operator()(const SetReadSource&) { ++counts_.set_read_source; }
  void operator()(const UnsetReadSource&) { ++counts_.unset_read_source; }
  void operator()(const CloseFile&) { complete(counts_.close); }
  void operator()(const ApplyPatch&) { ++counts_.patch; }

 private:
  void complete(std::uint64_t& count) {
    ++count;
    ++next_;
  }

  const std::vector<object::ObjectName>& objects_;
  std::size_t next_ = 0;
  OperationCounts counts_;
};

}  // namespace

PartSummary summarize_part(const DeltaFile& delta, std::size_t index, FileDescriptor spool_dir) {
  const PartHeader& header = delta.superblock().parts.at(index);
  const auto file = delta.open_part(index);
  const auto bytes = read_part(*file, header, {.spool = {.dir = spool_dir}});
  const Payload payload(*bytes);
  OperationReader operations(*bytes, payload.layout().operations);
  Counter counter(header.objects);
  while (const auto operation = operations.next(counter.next_type()))
    std::visit(counter, *operation);
  return {.attributes = payload.attributes_count(),
          .xattrs = payload.xattrs_count(),
          .payload_size = bytes->size(),
          .blob_size = payload.layout().blob.size,
          .operations_size = payload.layout().operations.size,
          .operations = counter.counts()};
}

}  // namespace xylem::delta
