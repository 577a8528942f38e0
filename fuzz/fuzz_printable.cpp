// Text of others: what is shown of it moves no cursor and ends no line, and names that are taken
// are harmless already.

#include "base/codec/checksum.hpp"
#include "base/printable.hpp"
#include "fuzz/fuzz.hpp"
#include "object/names/names.hpp"

using namespace xylem;

namespace {

bool is_harmless(std::string_view text, std::string_view allowed) {
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte < 0x20 || byte == 0x7f) && allowed.find(letter) == allowed.npos) return false;
  }
  return object::is_utf8(text);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([text = as_text(ByteView(data, size))] {
    const std::string line = printable(text);
    fuzz::require(is_harmless(line, "") && printable(line) == line);
    fuzz::require(is_harmless(printable_lines(text), "\n\t"));
    fuzz::require(is_harmless(printable_message(text), "\n\t"));
    fuzz::require(is_harmless(object::quoted(text), ""));
    Checksum::from_hex(text);
    if (object::is_valid_ref(text)) fuzz::require(line == text && text.find("..") != 0);
    if (object::is_valid_collection_id(text)) fuzz::require(line == text);
    const object::RefSpec spec = object::RefSpec::parse(text);
    fuzz::require(spec.text() == text);
  });
}
