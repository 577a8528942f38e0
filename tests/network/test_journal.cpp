// What a pull leaves in the journal of systemd.

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <catch2/catch.hpp>

#include "pull/report/journal.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::pull;
using boost::asio::local::datagram_protocol;

namespace {

PullResult some_result() {
  PullResult result;
  result.refs = {{.ref = "os/test", .commit = "", .changed = true}};
  result.bytes_transferred = 2'000'000;
  result.elapsed = std::chrono::seconds(3);
  return result;
}

std::string value(const JournalFields& fields, const std::string& name) {
  for (const auto& [key, text] : fields)
    if (key == name) return text;
  return {};
}

}  // namespace

TEST_CASE("a pull is told with the fields of libostree", "[network]") {
  repo::Remote remote;
  remote.name = "origin";
  remote.url = "https://user:secret@host/repo?token=secret";
  const JournalFields fields = journal_fields(remote, {}, some_result());
  CHECK(value(fields, "MESSAGE_ID") == "75ba3deb0af041a9a46272ff85d9e73e");
  CHECK(value(fields, "OSTREE_REMOTE") == "origin");
  CHECK(value(fields, "OSTREE_GPG") == "commit");
  CHECK(value(fields, "OSTREE_SIGN") == "disabled");
  CHECK(value(fields, "OSTREE_SECONDS") == "3");
  CHECK_FALSE(value(fields, "OSTREE_XFER_SIZE").empty());
  CHECK(value(fields, "MESSAGE").find("'origin' for os/test complete") != std::string::npos);
  CHECK(value(fields, "MESSAGE").find("http: TLS") != std::string::npos);
  for (const auto& field : fields) CHECK(field.second.find("secret") == std::string::npos);
}

TEST_CASE("a request that failed is told with the fields of libostree", "[network]") {
  const auto told = [](long status, const std::string& failure, bool optional) {
    return is_worth_telling({.status = status, .failure = failure, .optional = optional});
  };
  CHECK_FALSE(told(200, "", false));
  CHECK_FALSE(told(206, "", true));
  CHECK_FALSE(told(304, "", true));
  CHECK_FALSE(told(404, "", true));
  CHECK(told(404, "", false));
  CHECK(told(403, "", true));
  CHECK(told(503, "", true));
  CHECK(told(0, "connection refused", true));
  CHECK(told(200, "transfer closed", false));
  const JournalFields fields =
      failure_fields("origin", {.url = "http://host/repo/config", .status = 503});
  CHECK(value(fields, "MESSAGE_ID") == "f02bce89a54e4efab3a94a797d26204a");
  CHECK(value(fields, "OSTREE_REMOTE") == "origin");
  CHECK(value(fields, "PRIORITY") == "3");
  CHECK(value(fields, "MESSAGE") ==
        "xylem HTTP error from remote origin for <http://host/repo/config>: Server returned HTTP "
        "503");
  const JournalFields lost =
      failure_fields("origin", {.url = "http://h/x", .failure = "lost link"});
  CHECK(value(lost, "MESSAGE").ends_with("<http://h/x>: lost link"));
}

TEST_CASE("values with line breaks are sent with their length", "[network]") {
  CHECK(journal_datagram({{"A", "b"}}) == "A=b\n");
  CHECK(journal_datagram({{"A", "b\nc"}}) == std::string("A\n\3\0\0\0\0\0\0\0b\nc\n", 14));
}

TEST_CASE("the journal gets one datagram, and its absence is no failure", "[network]") {
  const test::TempDir dir;
  send_to_journal({{"A", "b"}}, dir / "nobody");
  boost::asio::io_context io;
  datagram_protocol::socket journal(io, datagram_protocol::endpoint(dir / "socket"));
  send_to_journal({{"A", "b"}}, dir / "socket");
  std::array<char, 100> buffer{};
  const std::size_t size = journal.receive(boost::asio::buffer(buffer));
  CHECK(std::string(buffer.data(), size) == "A=b\n");
}
