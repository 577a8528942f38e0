#include <catch2/catch.hpp>
#include <map>
#include <sstream>

#include "base/os/os.hpp"
#include "object/variant/variant.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/static_deltas.hpp"
#include "repo/refs/summary_file.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

namespace key = object::summary_key;
using object::Dict;
using object::Summary;
using object::SummaryRef;
using test::OstreeRepo;

/// Values by key, printed: neither order nor framing matters to readers.
std::map<std::string, std::string> printed(const Dict& dict) {
  std::map<std::string, std::string> values;
  for (const std::string& name : dict.keys()) {
    if (name == key::last_modified || name == key::static_deltas) continue;
    const GVariantPtr value = dict.find(name.c_str());
    const GStringPtr text(g_variant_print(value.get(), true));
    values[name] = text.get();
  }
  return values;
}

std::map<std::string, std::string> deltas_of(const Summary& summary) {
  const GVariantPtr deltas = summary.metadata.find(key::static_deltas, "a{sv}");
  if (!deltas) return {};
  return printed(Dict(share(deltas)));
}

void check_same_refs(const std::vector<SummaryRef>& a, const std::vector<SummaryRef>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].ref == b[i].ref);
    CHECK(a[i].commit == b[i].commit);
    CHECK(a[i].commit_size == b[i].commit_size);
    CHECK(printed(a[i].metadata) == printed(b[i].metadata));
  }
}

/// `ostree summary -v` without the time.
std::string shown(const OstreeRepo& made) {
  std::istringstream lines(made.run_sorted({"summary", "-v"}));
  std::string text;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("Last-Modified")) text += line + "\n";
  return text;
}

/// Both of them write the summary of the same repository.
void check_same_summary(const OstreeRepo& made) {
  made.run({"summary", "-u"});
  const Summary theirs = load_summary(made.open()).value();
  const std::string shown_theirs = shown(made);
  Repo repo = made.open();
  update_summary(repo);
  const Summary ours = load_summary(repo).value();
  check_same_refs(ours.refs, theirs.refs);
  CHECK(printed(ours.metadata) == printed(theirs.metadata));
  CHECK(deltas_of(ours) == deltas_of(theirs));
  REQUIRE(ours.collection_map.size() == theirs.collection_map.size());
  for (const auto& [collection, refs] : ours.collection_map)
    check_same_refs(refs, theirs.collection_map.at(collection));
  CHECK(ours.last_modified() >= theirs.last_modified());
  // The order of several deltas is that of a hash table.
  if (deltas_of(ours).size() < 2) CHECK(shown(made) == shown_theirs);
}

}  // namespace

TEST_CASE("a summary is read where it is, not where a stranger's symlink leads") {
  const OstreeRepo repository;
  const auto read = [&] { return read_summary_files(repository.open(), 100); };
  CHECK_FALSE(read());
  test::write_file(repository.beside("secret"), "secret");
  os::symlink("../secret", {FileDescriptor::cwd(), repository / "summary"});
  CHECK(error_kind(read) == ErrorKind::InvalidArgument);
  os::unlink({FileDescriptor::cwd(), repository / "summary"});
  test::write_file(repository / "tmp/there", "inside");
  os::symlink("tmp/there", {FileDescriptor::cwd(), repository / "summary"});
  CHECK(as_text(read()->summary) == "inside");
  os::unlink({FileDescriptor::cwd(), repository / "summary"});
  REQUIRE(::mkfifo((repository / "summary").c_str(), 0600) == 0);
  CHECK(error_kind(read) == ErrorKind::Io);
}

TEST_CASE("our summary says what ostree's says") {
  const OstreeRepo made;
  made.commit("main", "1", {"--add-metadata-string=version=1.0"});
  made.commit("os/stable", "2", {"--timestamp=2020-01-01 00:00:00 +0000"});
  made.run({"refs", "--create=origin:not-ours", "main"});
  made.run({"refs", "--alias", "--create=current", "os/stable"});
  check_same_summary(made);
}

TEST_CASE("the summary of an empty repository is the same, too") {
  check_same_summary(OstreeRepo());
  check_same_summary(OstreeRepo("bare-user-only"));
}

TEST_CASE("the summary follows the configuration") {
  const OstreeRepo made;
  made.commit("main");
  made.run({"config", "set", "core.tombstone-commits", "true"});
  made.run({"config", "set", "core.mode", "archive"});
  check_same_summary(made);
}

TEST_CASE("collections are in the summary as ostree puts them there") {
  const OstreeRepo made("archive", {"--collection-id=org.example.Own"});
  made.commit("main", "1");
  made.commit("app", "2");
  made.run({"refs", "-c", "--create=org.example.Other:x", "main"});
  made.run({"refs", "-c", "--create=org.example.Another:y", "app"});
  check_same_summary(made);
  const Summary summary = load_summary(made.open()).value();
  CHECK(summary.collection_id() == "org.example.Own");
  CHECK(summary.find("org.example.Other", "x") != nullptr);
}

TEST_CASE("static deltas are in the summary and in the indexes") {
  const OstreeRepo made;
  const Checksum first = made.commit("main", "1");
  const Checksum second = made.commit("main", "2");
  made.run({"static-delta", "generate", "--empty", "--to=" + first.hex()});
  made.run({"static-delta", "generate", "--from=" + first.hex(), "--to=" + second.hex()});
  check_same_summary(made);

  const Repo repo = made.open();
  const auto deltas = list_deltas(repo);
  REQUIRE(deltas.size() == 2);
  std::string names;
  for (const delta::DeltaEntry& entry : deltas) {
    names += entry.name.text() + "\n";
    CHECK(os::exists({repo.dir(), entry.name.dir() + "/superblock"}));
    CHECK(os::exists({repo.dir(), delta::delta_index_file(entry.name.to)}));
  }
  CHECK(names.find(first.hex() + "-" + second.hex()) != std::string::npos);
  CHECK(deltas_of(load_summary(repo).value()).size() == 2);

  made.run({"config", "set", "core.no-deltas-in-summary", "true"});
  check_same_summary(made);
  CHECK(deltas_of(load_summary(made.open()).value()).empty());
}

TEST_CASE("indexes of deltas are byte for byte ostree's, and go with their deltas") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  made.run({"static-delta", "generate", "--empty", "--to=" + commit.hex()});
  made.run({"summary", "-u"});
  const std::string index = made / delta::delta_index_file(commit);
  const Bytes theirs = test::read_file(index);
  os::unlink({FileDescriptor::cwd(), index});
  Repo repo = made.open();
  update_summary(repo);
  CHECK(test::read_file(index) == theirs);
  made.run({"static-delta", "delete", commit.hex()});
  update_summary(repo);
  CHECK_FALSE(os::exists({FileDescriptor::cwd(), index}));
}

TEST_CASE("directories of deltas are named after their commits") {
  const Checksum zero;
  const std::string base64(43, 'A');
  const auto parsed = delta::parse_delta_dir("AA", base64.substr(2) + "-" + base64);
  REQUIRE(parsed);
  CHECK(parsed->from == zero);
  CHECK(parsed->to == zero);
  CHECK(parsed->dir() == "deltas/AA/" + base64.substr(2) + "-" + base64);
  CHECK(delta::parse_delta_dir("AA", base64.substr(2))->text() == zero.hex());
  for (const std::string& rest :
       {std::string(), base64, base64.substr(3), base64.substr(2) + "-", "!" + base64.substr(3),
        base64.substr(2) + "-" + base64 + "-" + base64, base64.substr(3) + "B"})
    CHECK_FALSE(delta::parse_delta_dir("AA", rest));
  CHECK_FALSE(delta::parse_delta_dir("A", base64.substr(1)));
}

TEST_CASE("more can be added to the summary") {
  const OstreeRepo made;
  Repo repo = made.open();
  update_summary(repo, object::DictBuilder().set("org.example.key", "value").build());
  CHECK(load_summary(repo)->metadata.find_string("org.example.key") == "value");
  CHECK_THAT(made.run({"summary", "-v"}),
             Catch::Contains("org.example.key") && Catch::Contains("value"));
}

TEST_CASE("a signature that no longer fits is removed") {
  const OstreeRepo made;
  test::write_file(made / "summary.sig", "signature");
  Repo repo = made.open();
  update_summary(repo);
  CHECK_FALSE(os::exists({repo.dir(), "summary.sig"}));
}

TEST_CASE("a summary that is missing or damaged is told apart") {
  const OstreeRepo made;
  CHECK_FALSE(load_summary(made.open()));
  test::write_file(made / "summary", "<html>");
  CHECK(error_kind([&] { load_summary(made.open()); }) == ErrorKind::Corrupt);
}

TEST_CASE("a ref to a commit that is missing is left out of the summary, and told") {
  const OstreeRepo made;
  Repo repo = made.open();
  write_ref(repo, object::RefSpec{std::nullopt, "main"}, Checksum());
  CHECK(error_kind([&] { update_summary(repo); }) == ErrorKind::NotFound);
  CHECK(load_summary(repo).value().refs.empty());
}

}  // namespace xylem::repo
