// The operations of a payload are executed: whatever they are, the objects that come out of them
// are those of the list, in its order.

#include "delta/apply/part_executor.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

namespace {

constexpr std::uint64_t most_content = 1 << 20;

/// Takes any object, and has one file under every name.
class AnyStore : public delta::PartStore {
 public:
  explicit AnyStore(const std::vector<object::ObjectName>& expected) : expected_(expected) {}

  bool has(const object::ObjectName& name) override {
    fuzz::require(name == expected_[next_++]);
    return name.checksum.bytes().front() % 4 == 0;
  }
  std::unique_ptr<RandomSource> open(const Checksum&) override {
    return std::make_unique<RandomMemory>(as_bytes("a file that has been there for long"));
  }
  bool is_sound(const Checksum&) override { return true; }
  void write_metadata(const object::ObjectName&, ByteView bytes) override {
    fuzz::require(bytes.size() <= most_content);
  }
  void write_content(const Checksum&, const object::FileHeader& header, std::uint64_t size,
                     ByteSource& content) override {
    fuzz::require(!header.is_symlink() || size == 0);
    if (read_all(content, most_content).size() != size)
      throw Error(ErrorKind::Corrupt, "Another size");
  }

 private:
  const std::vector<object::ObjectName>& expected_;
  std::size_t next_ = 0;
};

/// As many as the first byte says; what they are is in the next ones.
delta::PartHeader take_header(ByteView& input) {
  delta::PartHeader header;
  const std::size_t count = input.empty() ? 0 : input.front() % 16;
  if (input.size() < 1 + count) return header;
  for (std::size_t i = 1; i <= count; ++i) {
    std::array<std::uint8_t, Checksum::size> checksum{};
    checksum.fill(input[i]);
    header.objects.push_back(
        {Checksum(checksum), static_cast<object::ObjectType>(1 + input[i] % 3)});
  }
  input = input.subspan(1 + count);
  return header;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)]() mutable {
    const delta::PartHeader header = take_header(input);
    const RandomMemory payload(input);
    AnyStore store(header.objects);
    const delta::PartOutcome outcome = delta::execute_part(header, payload, store);
    fuzz::require(outcome.made + outcome.present == header.objects.size());
  });
}
