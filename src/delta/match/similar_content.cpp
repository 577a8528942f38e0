#include "delta/match/similar_content.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <unordered_set>

#include "delta/match/chunks.hpp"
#include "task/parallel.hpp"

namespace xylem::delta {

namespace {

/// Small enough that most chunks of a program lie between two changes.
constexpr std::uint64_t chunk_average = 512;
/// Smaller files are not worth it.
constexpr std::uint64_t least_size = 1024;
/// Files that differ more in size are not compared.
constexpr std::uint64_t size_factor = 4;
/// So many bytes of old files are read for each of new ones.
constexpr std::uint64_t effort = 32;
/// Fewer hashes in common may be chance, or a licence that both begin with.
constexpr std::size_t least_common = 3;
constexpr std::size_t most_alike = 2;

/// An old file before it is read.
struct Candidate {
  OldFile file;
  bool is_gone = false;  ///< From its path: it may have been renamed.
};

Sketch read_sketch(const repo::Repo& repo, const Checksum& file) {
  const repo::LoadedFile loaded = repo.load_file(file);
  return sketch_of(*loaded.content, loaded.size);
}

bool has_path(const CommitContent& content, const std::string& path) {
  return std::ranges::binary_search(content.files, path, {}, &PlacedFile::path);
}

bool in_range(std::uint64_t size, const std::vector<const NewFile*>& wanted) {
  return std::ranges::any_of(wanted, [&](const NewFile* file) {
    return size <= file->size * size_factor && file->size <= size * size_factor;
  });
}

/// Each usable old file of about the right size once, those that are gone first.
std::vector<Candidate> candidates(const repo::Repo& repo, const CommitContent& old,
                                  const CommitContent& to,
                                  const std::vector<const NewFile*>& wanted) {
  std::vector<Candidate> found;
  std::unordered_set<Checksum> seen;
  for (const PlacedFile& place : old.files) {
    if (!seen.insert(place.file).second) continue;
    const repo::LoadedFile loaded = repo.load_file(place.file);
    const bool readable = (loaded.header.mode & S_IROTH) != 0;
    if (loaded.header.is_symlink() || !readable || !in_range(loaded.size, wanted)) continue;
    found.push_back({{place.file, loaded.size}, !has_path(to, place.path)});
  }
  std::ranges::stable_sort(found, std::greater<>(), &Candidate::is_gone);
  return found;
}

/// As many from the front as the effort is worth.
std::vector<OldFile> affordable(const std::vector<Candidate>& candidates,
                                const std::vector<const NewFile*>& wanted) {
  std::uint64_t left = 0;
  for (const NewFile* file : wanted) left += file->size * effort;
  std::vector<OldFile> files;
  for (const Candidate& candidate : candidates) {
    if (candidate.file.size > left) continue;
    left -= candidate.file.size;
    files.push_back(candidate.file);
  }
  return files;
}

}  // namespace

Sketch sketch_of(ByteSource& content, std::uint64_t size) {
  Sketch sketch;
  std::vector<std::uint64_t>& hashes = sketch.hashes;
  Chunks chunks(content, size, chunk_average);
  while (const auto chunk = chunks.next()) {
    const auto place = std::ranges::lower_bound(hashes, chunk->hash);
    if (place != hashes.end() && *place == chunk->hash) continue;
    hashes.insert(place, chunk->hash);
    if (hashes.size() > Sketch::size) hashes.pop_back();
  }
  return sketch;
}

SimilarContent::SimilarContent(const repo::Repo& repo, const CommitContent& old,
                               const CommitContent& to, const std::vector<const NewFile*>& wanted,
                               unsigned threads, const CancelToken& cancel) {
  std::vector<const NewFile*> large;
  std::ranges::copy_if(wanted, std::back_inserter(large),
                       [](const NewFile* file) { return file->size >= least_size; });
  if (large.empty()) return;
  old_ = affordable(candidates(repo, old, to, large), large);
  std::vector<Sketch> sketches(old_.size() + large.size());
  const auto read = [&](std::size_t index) {
    cancel.check();
    const Checksum& file =
        index < old_.size() ? old_[index].checksum : large[index - old_.size()]->checksum;
    sketches[index] = read_sketch(repo, file);
  };
  repo::for_each_index(sketches.size(), threads, read, {});
  for (std::size_t i = 0; i < old_.size(); ++i)
    for (const std::uint64_t hash : sketches[i].hashes) by_hash_[hash].push_back(i);
  for (std::size_t i = 0; i < large.size(); ++i)
    choose(large[i]->checksum, sketches[old_.size() + i]);
}

void SimilarContent::choose(const Checksum& file, const Sketch& sketch) {
  std::unordered_map<std::size_t, std::size_t> common;
  for (const std::uint64_t hash : sketch.hashes)
    if (const auto found = by_hash_.find(hash); found != by_hash_.end())
      for (const std::size_t index : found->second) ++common[index];
  std::vector<std::pair<std::size_t, std::size_t>> ranked;
  for (const auto& [index, count] : common)
    if (count >= std::min(least_common, sketch.hashes.size())) ranked.emplace_back(count, index);
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  for (const auto& [count, index] : ranked)
    if (found_[file].size() < most_alike) found_[file].push_back(old_[index]);
}

std::vector<OldFile> SimilarContent::find(const Checksum& file) const {
  const auto found = found_.find(file);
  return found == found_.end() ? std::vector<OldFile>() : found->second;
}

}  // namespace xylem::delta
