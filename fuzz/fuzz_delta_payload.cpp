// A payload and its operations: all that is looked up lies within it.

#include "delta/format/operations.hpp"
#include "delta/format/payload.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

namespace {

void look_up_all(const delta::Payload& payload) {
  constexpr std::uint64_t most = 100;
  for (std::uint64_t i = 0; i < std::min(payload.attributes_count(), most); ++i)
    for (std::uint64_t j = 0; j < std::min(payload.xattrs_count(), most); ++j)
      fuzz::check([&] { payload.file_header(i, j); });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const RandomMemory bytes(input);
    const delta::Payload payload(bytes);
    const Stretch last = payload.layout().operations;
    fuzz::require(last.end() <= input.size() && payload.layout().blob.end() == last.offset);
    look_up_all(payload);
    delta::OperationReader reader(bytes, last);
    while (const auto operation = reader.next(object::ObjectType::File)) {
      Bytes written;
      delta::append_operation(written, *operation);
      ByteView rest = written;
      fuzz::require(delta::take_operation(rest, object::ObjectType::File) == *operation);
      if (const auto* write = std::get_if<delta::Write>(&*operation))
        fuzz::check([&] { fuzz::require(payload.in_blob(write->content).end() <= input.size()); });
    }
    fuzz::require(reader.count() <= last.size);
  });
}
