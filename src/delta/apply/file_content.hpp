#pragma once

#include "delta/apply/read_source.hpp"
#include "delta/format/operations.hpp"
#include "delta/format/payload.hpp"

namespace xylem::delta {

/// The content of one file, made by the operations behind its `o` as it is read, up to and with its
/// `c`. read() throws Error(Corrupt) for operations that make no sense there.
class FileContent : public ByteSource {
 public:
  /// All are borrowed. `size` is what `o` says.
  FileContent(OperationReader& operations, const Payload& payload, ReadSource& source,
              std::uint64_t size)
      : operations_(operations), payload_(payload), source_(source), size_(size) {}

  std::size_t read(MutableByteView buffer) override;
  /// Goes on to the `c` without making anything.
  void skip();

  void operator()(const Write& operation);
  void operator()(const ApplyPatch& operation);
  void operator()(const SetReadSource& operation);
  void operator()(const UnsetReadSource&) { source_.unset(); }
  void operator()(const CloseFile&);
  /// Any other.
  template <typename Other>
  void operator()(const Other&) {
    refuse_inside();
  }

 private:
  void run_next();
  [[noreturn]] static void refuse_inside();

  OperationReader& operations_;
  const Payload& payload_;
  ReadSource& source_;
  std::uint64_t size_;
  std::unique_ptr<ByteSource> piece_;  ///< What the latest operation gives.
  bool making_ = true;
  bool has_pieces_ = false;
  bool has_patch_ = false;
  bool closed_ = false;
};

/// The file object whose checksum is where the operation says.
Checksum named_source(const Payload& payload, const SetReadSource& operation);

}  // namespace xylem::delta
