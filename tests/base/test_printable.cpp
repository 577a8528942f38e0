#include <catch2/catch.hpp>

#include "base/printable.hpp"

using namespace xylem;

TEST_CASE("control characters, bad bytes and turned directions become escapes") {
  CHECK(printable("plain, ünïcode, 日本語") == "plain, ünïcode, 日本語");
  CHECK(printable("") == "");
  CHECK(printable("a\033[31mb\a") == "a\\x1b[31mb\\x07");
  CHECK(printable("a\nb\tc\r") == "a\\x0ab\\x09c\\x0d");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\x7f\xc2\x9b") == "\\x7f\\x9b");
  CHECK(printable("\xff\xc3") == "\\xff\\xc3");
  CHECK(printable("x\u202ey\u2066z\u2028") == "x\\u{202e}y\\u{2066}z\\u{2028}");
}

TEST_CASE("of several lines the breaks stay, and no line can pass for another message") {
  CHECK(printable_lines("a\n\tb\033\rc") == "a\n\tb\\x1b\\x0dc");
  CHECK(printable_message("lost\nhint: run this") == "lost\n  hint: run this");
}

TEST_CASE("every byte alone is harmless, and nothing is lost") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = printable(std::string(1, static_cast<char>(byte)));
    const bool visible = byte >= 0x20 && byte < 0x7f;
    CHECK(text.size() == (visible ? 1U : 4U));
    for (const char letter : text) CHECK((letter >= 0x20 && letter < 0x7f));
  }
}
