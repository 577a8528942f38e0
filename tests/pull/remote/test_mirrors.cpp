// Lists of mirrors and metalinks, as text.

#include <catch2/catch.hpp>

#include "pull/remote/metalink.hpp"
#include "pull/remote/mirror_list.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using pull::Metalink;

namespace {

std::string metalink_with(const std::string& file) {
  return R"(<?xml version="1.0"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/"><files>)" +
         file + "</files></metalink>";
}

const std::string abc_sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string file_with(const std::string& inside) {
  return metalink_with("<file name=\"summary\">" + inside + "</file>");
}

std::string hash(const std::string& type, const std::string& value) {
  return "<verification><hash type=\"" + type + "\">" + value + "</hash></verification>";
}

const std::string one_url =
    R"(<resources><url protocol="http">http://a/repo/summary</url></resources>)";

}  // namespace

TEST_CASE("a mirror list is read line by line") {
  using Mirrors = std::vector<std::string>;
  const auto parse = [](std::string_view text) { return pull::parse_mirror_list(as_bytes(text)); };
  CHECK(parse("").empty());
  CHECK(parse("http://a/repo") == Mirrors{"http://a/repo"});
  CHECK(parse("# comment\n\n http://a/repo \r\nhttps://b/\nhttp://a/repo\n") ==
        Mirrors{"http://a/repo", "https://b/"});
  CHECK(parse("file:///etc\nftp://x/\nhttp://\nnonsense\n\0http://b\n").empty());
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "http://host" + std::to_string(i) + "/\n";
  CHECK(parse(many).size() == 256);
}

TEST_CASE("a metalink names size, hashes and mirrors") {
  const std::string xml = metalink_with(
      "<file name=\"other\"><size>1</size>" + hash("sha256", "00") + one_url + "</file>" +
      "<file name=\"summary\"><mm0:timestamp>1</mm0:timestamp><size>3</size>"
      "<verification><hash type=\"md5\">x</hash><hash type=\"sha256\">" +
      abc_sha256 +
      "</hash></verification><resources maxconnections=\"1\">"
      "<url protocol=\"ftp\" preference=\"100\">ftp://z/summary</url>"
      "<url protocol=\"http\" preference=\"10\">http://slow/repo/summary</url>"
      "<url protocol=\"https\" preference=\"90\">https://fast/repo/summary</url>"
      "</resources></file>");
  const Metalink entry = pull::parse_metalink(as_bytes(xml), "summary");
  CHECK(entry.size == 3);
  CHECK(entry.sha256 == abc_sha256);
  CHECK_FALSE(entry.sha512);
  CHECK(entry.urls ==
        std::vector<std::string>{"https://fast/repo/summary", "http://slow/repo/summary"});
  CHECK_NOTHROW(pull::check_against(entry, as_bytes("abc")));
  CHECK(error_kind([&] { pull::check_against(entry, as_bytes("abd")); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { pull::check_against(entry, as_bytes("abcd")); }) == ErrorKind::Corrupt);
}

TEST_CASE("all hashes of a metalink must be right") {
  Metalink entry{.size = 3, .sha256 = abc_sha256, .sha512 = std::string(128, '0')};
  CHECK(error_kind([&] { pull::check_against(entry, as_bytes("abc")); }) == ErrorKind::Corrupt);
}

TEST_CASE("a metalink that tells too little is refused") {
  const auto bad = GENERATE(values<std::string>({
      "",
      "no XML",
      "<metalink>",
      metalink_with(""),
      metalink_with("<file name=\"other\"/>"),
      file_with(""),
      file_with("<size>0</size>" + hash("sha256", abc_sha256) + one_url),
      file_with("<size>-3</size>" + hash("sha256", abc_sha256) + one_url),
      file_with("<size>3</size>" + one_url),
      file_with("<size>3</size>" + hash("md5", "x") + one_url),
      file_with("<size>3</size>" + hash("sha256", abc_sha256)),
      file_with("<size>3</size>" + hash("sha256", abc_sha256) +
                "<resources><url>file:///etc/passwd</url></resources>"),
      "<a>" + file_with("<size>3</size>" + hash("sha256", abc_sha256) + one_url) + "</a>",
      std::string(100'000, '<'),
  }));
  CAPTURE(bad);
  CHECK(error_kind([&] { pull::parse_metalink(as_bytes(bad), "summary"); }) == ErrorKind::Corrupt);
}
