#include <catch2/catch.hpp>

#include "fetcher/download/resume.hpp"

using namespace xylem::fetcher;

namespace {

ResumePoint at(std::uint64_t offset, bool same_url = true) {
  DownloadRecord record{.url = "http://h/x",
                        .validators = {.etag = "\"v1\"", .last_modified = "yesterday"},
                        .total = 100};
  return {.offset = offset, .record = record, .same_url = same_url};
}

ResponseHead partial(ContentRange range, const std::string& etag = "\"v1\"") {
  return {.status = 206, .validators = {.etag = etag}, .content_range = range};
}

}  // namespace

TEST_CASE("an answer fits to the partial file or it does not", "[fetcher]") {
  const ResumePoint nothing;
  const ResumePoint half = at(50);
  using enum ResumeAnswer;
  CHECK(resume_answer(nothing, {.status = 200}) == Whole);
  CHECK(resume_answer(nothing, {.status = 0}) == Whole);
  CHECK(resume_answer(nothing, {.status = 404}) == NoBody);
  CHECK(resume_answer(nothing, {.status = 204}) == NoBody);
  CHECK(resume_answer(nothing, {.status = 416}) == NoBody);
  CHECK(resume_answer(nothing, {.status = 206}) == Refused);
  CHECK(resume_answer(nothing, partial({0, 99, 100})) == Whole);
  CHECK(resume_answer(nothing, partial({0, 49, 100})) == Whole);
  CHECK(resume_answer(nothing, partial({0, 49, {}})) == Refused);
  CHECK(resume_answer(nothing, partial({1, 99, 100})) == Refused);

  CHECK(resume_answer(half, {.status = 200}) == Whole);
  CHECK(resume_answer(half, partial({50, 99, 100})) == Continued);
  CHECK(resume_answer(half, partial({50, 99, {}})) == Continued);
  CHECK(resume_answer(half, partial({50, 60, 100})) == Continued);
  CHECK(resume_answer(half, partial({49, 99, 100})) == Refused);
  CHECK(resume_answer(half, partial({51, 99, 100})) == Refused);
  CHECK(resume_answer(half, partial({50, 99, 101})) == Refused);
  CHECK(resume_answer(half, {.status = 206}) == Refused);
}

TEST_CASE("a changed version starts over, but mirrors may name versions differently", "[fetcher]") {
  using enum ResumeAnswer;
  const ContentRange rest{50, 99, 100};
  CHECK(resume_answer(at(50), partial(rest, "\"v2\"")) == Refused);
  CHECK(resume_answer(at(50), partial(rest, "")) == Continued);
  CHECK(resume_answer(at(50, false), partial(rest, "\"v2\"")) == Continued);
  ResponseHead newer = partial(rest);
  newer.validators.last_modified = "today";
  CHECK(resume_answer(at(50), newer) == Refused);
  CHECK(resume_answer(at(50, false), newer) == Continued);
  ResumePoint unknown = at(50);
  unknown.record.reset();
  CHECK(resume_answer(unknown, partial({50, 70, 71})) == Continued);
}

TEST_CASE("416 tells whether all is there", "[fetcher]") {
  using enum ResumeAnswer;
  CHECK(resume_answer(at(100), {.status = 416, .content_range = ContentRange{{}, {}, 100}}) ==
        Complete);
  CHECK(resume_answer(at(100), {.status = 416, .content_range = ContentRange{{}, {}, 99}}) ==
        Refused);
  CHECK(resume_answer(at(100), {.status = 416}) == Refused);
}

TEST_CASE("only a strong validator is used for ranges, and only at its server", "[fetcher]") {
  CHECK(at(50).validator() == "\"v1\"");
  CHECK(at(50, false).validator().empty());
  CHECK(strong_validator({.etag = "W/\"v1\""}).empty());
  CHECK(strong_validator({.last_modified = "yesterday"}).empty());
}

TEST_CASE("records survive writing and reading", "[fetcher]") {
  DownloadRecord record{.url = "http://h/x",
                        .validators = {.etag = "\"v\\1\"", .last_modified = "yesterday"},
                        .total = 1ULL << 40,
                        .started = 12,
                        .updated = 34};
  CHECK(parse_record(format_record(record)) == record);
  record.total.reset();
  CHECK(parse_record(format_record(record)) == record);
  for (const char* bad : {"", "{", "[]", "{}", "null", R"({"url": 1})", "\xff\xfe",
                          R"({"url":"x","etag":"","last_modified":"","started":"a","updated":1})"})
    CHECK_FALSE(parse_record(bad));
}
