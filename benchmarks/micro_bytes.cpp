// What happens to the bytes of an object: hash, inflate, parse.

#include <benchmark/benchmark.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <random>

#include "base/codec/deflate.hpp"
#include "base/codec/inflate.hpp"
#include "base/codec/sha256.hpp"
#include "object/dirtree.hpp"
#include "object/file_header.hpp"

using namespace xylem;

namespace {

/// Words in random order: it deflates to about a third, as programs do.
Bytes text(std::size_t size) {
  std::mt19937 dice(1);
  std::vector<std::string> words(4096);
  for (std::string& word : words)
    for (auto length = 2 + dice() % 7; length > 0; --length)
      word.push_back(static_cast<char>(dice()));
  Bytes bytes;
  while (bytes.size() < size) {
    const ByteView word = as_bytes(words[dice() % words.size()]);
    bytes.insert(bytes.end(), word.begin(), word.end());
  }
  bytes.resize(size);
  return bytes;
}

Bytes deflated(ByteView content) {
  constexpr int usual_level = 6;
  MemorySource source(content);
  Bytes result;
  deflate_stream(source, usual_level,
                 [&](ByteView piece) { result.insert(result.end(), piece.begin(), piece.end()); });
  return result;
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void hash(benchmark::State& state) {
  const Bytes content = text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(sha256(content));
  count_bytes(state);
}
BENCHMARK(hash)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void inflate_whole(benchmark::State& state) {
  const Bytes content = text(static_cast<std::size_t>(state.range(0)));
  const Bytes compressed = deflated(content);
  Bytes out(content.size());
  for (auto _ : state) inflate_exact(compressed, out);
  count_bytes(state);
}
BENCHMARK(inflate_whole)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void inflate_stream(benchmark::State& state) {
  const Bytes compressed = deflated(text(static_cast<std::size_t>(state.range(0))));
  Bytes out(stream_buffer_size);
  Inflater inflater;
  for (auto _ : state) {
    ByteView rest = compressed;
    inflater.reset();
    for (bool finished = false; !finished;) {
      const Inflater::Step step = inflater.run(rest, out);
      rest = rest.subspan(step.consumed);
      finished = step.finished;
    }
  }
  count_bytes(state);
}
BENCHMARK(inflate_stream)->Arg(1'000'000);

void parse_dirtree(benchmark::State& state) {
  object::DirTree tree;
  for (int file = 0; file < state.range(0); ++file)
    tree.files.push_back({fmt::format("file-{:06}", file), sha256(as_bytes(std::to_string(file)))});
  const Bytes bytes = object::serialize_dirtree(tree);
  for (auto _ : state) benchmark::DoNotOptimize(object::parse_dirtree(bytes));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(parse_dirtree)->Arg(10)->Arg(1000);

void parse_filez_header(benchmark::State& state) {
  const object::FileHeader header{0, 0, S_IFREG | 0644, "", {}};
  const Bytes bytes = object::serialize_filez_header(header, 1000);
  for (auto _ : state) benchmark::DoNotOptimize(object::parse_filez_header(bytes));
}
BENCHMARK(parse_filez_header);

}  // namespace
