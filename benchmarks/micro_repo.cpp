// What happens to a repository: does it have an object, stage one, publish many.

#include <benchmark/benchmark.h>
#include <sys/stat.h>

#include "base/codec/sha256.hpp"
#include "base/os/temporary_directory.hpp"
#include "object/file_header.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/transaction.hpp"

using namespace xylem;
using object::ObjectName;
using object::ObjectType;

namespace {

/// A new repository in $TMPDIR, removed in the end.
class Scratch {
 public:
  repo::Repo& repo() { return repo_; }

 private:
  TemporaryDirectory dir_{"xylem-micro-"};
  repo::Repo repo_ = repo::Repo::create(dir_.path() + "/repo", repo::Mode::BareUser);
};

void write_files(repo::Transaction& transaction, std::int64_t count) {
  const object::FileHeader header{0, 0, S_IFREG | 0644, "", {}};
  for (std::int64_t file = 0; file < count; ++file) {
    const std::string text = "content " + std::to_string(file);
    MemorySource content(as_bytes(text));
    transaction.ingest().write_content(std::nullopt, header, text.size(), content);
  }
}

void existence_check(benchmark::State& state) {
  Scratch scratch;
  repo::Transaction transaction(scratch.repo());
  const ObjectName missing{sha256(as_bytes("nothing")), ObjectType::File};
  for (auto _ : state) benchmark::DoNotOptimize(transaction.has(missing));
}
BENCHMARK(existence_check);

void stage(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    Scratch scratch;
    {
      repo::Transaction transaction(scratch.repo());
      state.ResumeTiming();
      write_files(transaction, state.range(0));
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(stage)->Arg(1000)->Iterations(5);

void publish(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    Scratch scratch;
    {
      repo::Transaction transaction(scratch.repo());
      write_files(transaction, state.range(0));
      state.ResumeTiming();
      transaction.commit();
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(publish)->Arg(1000)->Iterations(5);

}  // namespace
