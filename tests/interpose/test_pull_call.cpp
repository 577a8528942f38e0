#include "interpose/pull_call.hpp"

#include <catch2/catch.hpp>

#include "base/glib.hpp"

using namespace xylem;
using namespace xylem::interpose;

namespace {

const std::string commit(64, 'a');

/// Of text: `{'refs': <['a']>}`.
PullCall call(const char* source, const std::string& options) {
  const auto variant = take_variant(
      g_variant_parse(G_VARIANT_TYPE_VARDICT, options.c_str(), nullptr, nullptr, nullptr));
  return translate(source, variant.get());
}

std::string refusal(const char* source, const std::string& options) {
  try {
    call(source, options);
  } catch (const NotOurs& refused) {
    return refused.why;
  }
  return "";
}

}  // namespace

TEST_CASE("a call of flatpak is translated") {
  const PullCall pull =
      call("flathub",
           "{'refs': <['app/x']>, 'override-commit-ids': <['" + commit +
               "']>, 'inherit-transaction': <true>, 'flags': <8>, 'update-frequency': <uint32 "
               "100>, 'http-headers': <[('A', 'b')]>, 'append-user-agent': <'flatpak/1'>, "
               "'summary-bytes': <b'sum'>, 'summary-sig-bytes': <b'sig'>}");
  CHECK(pull.in_transaction);
  CHECK(pull.options.keep_refs);
  CHECK(pull.options.remote == "flathub");
  CHECK(pull.options.refs == std::vector<std::string>{"app/x@" + commit});
  CHECK(pull.options.bareuseronly_files);
  CHECK(pull.options.http_headers.at(0).second == "b");
  CHECK(pull.options.update_frequency.count() == 100);
  REQUIRE(pull.options.given_summary);
  CHECK(pull.options.given_summary->summary.size() == 4);  // with the text's final zero
}

TEST_CASE("a file URL is a repository of this machine, whose refs go to the remote that is named") {
  const PullCall pull =
      call("file:///srv/a%20b", "{'collection-refs': <[('org.x', 'app', '" + commit +
                                    "')]>, 'override-remote-name': <'origin'>, 'flags': <4>}");
  CHECK(pull.options.local_repository == "/srv/a b");
  CHECK(pull.options.remote == "origin");
  CHECK(pull.options.collection_id == "org.x");
  CHECK_FALSE(pull.options.trusted);
  CHECK_FALSE(pull.in_transaction);
  CHECK(call("file:///x", "{'refs': <['a']>}").options.trusted);
}

TEST_CASE("what is not known is left to libostree, with the reason") {
  CHECK(refusal("r", "{'new-option': <true>}") == "the option new-option is not known");
  CHECK(refusal("r", "{'depth': <uint32 1>}") == "the option depth has type u, not i");
  CHECK(refusal("r", "{'flags': <1024>}") == "flags 1024 are not known");
  CHECK(refusal("r", "{'dry-run': <true>}").starts_with("dry-run"));
  CHECK(refusal("r", "{'sign-verify': <true>}").starts_with("sign-verify"));
  CHECK(refusal("r", "{'override-remote-name': <'s'>}").starts_with("override-remote-name"));
  CHECK(refusal("r", "{'flags': <1>, 'inherit-transaction': <true>}").starts_with("a mirror"));
  CHECK(refusal("r", "{'refs': <['a', 'b']>, 'override-commit-ids': <['c']>}") ==
        "override-commit-ids are not as many as refs");
  CHECK(refusal("r", "{'collection-refs': <[('a.b', 'x', ''), ('a.c', 'x', '')]>}") ==
        "refs of several collections");
  CHECK(refusal("file:///x", "{}") == "no refs of a file:// URL");
  CHECK(refusal("", "{}") == "there is no source");
  CHECK(refusal("r", "{'dry-run': <false>, 'sign-verify': <false>}").empty());
  CHECK(translate("r", nullptr).options.remote == "r");
}
