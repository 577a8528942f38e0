#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "pull/remote/remote_setup.hpp"
#include "pull/report/messages.hpp"

namespace xylem::pull {

namespace {

using Code = PullMessage::Code;

struct Listener : PullObserver {
  void on_message(const PullMessage& message) override { heard.push_back(message.text); }
  std::vector<std::string> heard;
};

}  // namespace

TEST_CASE("the codes of messages are what programs know") {
  const std::vector<std::pair<Code, std::string>> codes{
      {Code::SourceDropped, "source-dropped"},
      {Code::MirrorSwitched, "mirror-switched"},
      {Code::Retry, "retry"},
      {Code::ObjectRefetched, "object-refetched"},
      {Code::DeltaPlan, "delta-plan"},
      {Code::DeltaUnusable, "delta-unusable"},
      {Code::DeltaPartFailed, "delta-part-failed"},
      {Code::DeltaSourceDamaged, "delta-source-damaged"}};
  for (const auto& [code, text] : codes) CHECK(name(code) == text);
}

TEST_CASE("messages are heard on the executor, in their order") {
  boost::asio::io_context io;
  Listener listener;
  const Messages messages(io.get_executor(), &listener);
  messages.tell({.code = Code::Retry, .text = "first"});
  messages.tell({.code = Code::Retry, .text = "second"});
  CHECK(listener.heard.empty());
  io.run();
  CHECK(listener.heard == std::vector<std::string>{"first", "second"});
}

TEST_CASE("without an observer nobody is told") {
  boost::asio::io_context io;
  Messages(io.get_executor(), nullptr).tell({.code = Code::Retry, .text = "nothing"});
  CHECK(io.run() == 0);
}

TEST_CASE("a failure that the fetcher got over is a retry, or a change of mirrors") {
  const PullMessage retry = message_of({"http://a/x", "HTTP status 503", "", 2});
  CHECK(retry.code == Code::Retry);
  CHECK(retry.text == "http://a/x: HTTP status 503; asking again (attempt 2 failed)");
  CHECK(retry.source == "http://a/x");
  CHECK_FALSE(retry.is_warning);
  const PullMessage switched = message_of({"http://a/x", "HTTP status 500", "http://b/x", 1});
  CHECK(switched.code == Code::MirrorSwitched);
  CHECK(switched.text == "http://a/x: HTTP status 500; asking http://b/x");
  CHECK(switched.source == "http://a/x");
}

}  // namespace xylem::pull
