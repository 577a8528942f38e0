#include "delta/match/new_objects.hpp"

#include <algorithm>
#include <unordered_map>

#include "object/names/object_set.hpp"
#include "task/parallel.hpp"

namespace xylem::delta {

using object::ObjectName;
using object::ObjectType;

namespace {

object::ObjectSet objects_of(const std::optional<CommitContent>& content) {
  object::ObjectSet objects;
  if (!content) return objects;
  for (const ObjectName& name : content->metadata) objects.insert(name);
  for (const PlacedFile& place : content->files) objects.insert({place.file, ObjectType::File});
  return objects;
}

/// In the order of their first paths.
std::vector<NewFile> collect_files(const CommitContent& to, const object::ObjectSet& known) {
  std::vector<NewFile> files;
  std::unordered_map<Checksum, std::size_t> by_name;
  for (const PlacedFile& place : to.files) {
    if (known.contains({place.file, ObjectType::File})) continue;
    const auto [found, is_new] = by_name.emplace(place.file, files.size());
    if (is_new) files.push_back({.checksum = place.file});
    files[found->second].paths.push_back(place.path);
  }
  return files;
}

void look_at(const repo::Repo& repo, NewFile& file) {
  repo::LoadedFile loaded = repo.load_file(file.checksum);
  file.header = std::move(loaded.header);
  file.size = file.header.is_symlink() ? 0 : loaded.size;
  file.stored_size = stored_size(repo, {file.checksum, ObjectType::File});
}

}  // namespace

std::uint64_t stored_size(const repo::Repo& repo, const ObjectName& name) {
  for (const repo::Repo* level = &repo; level != nullptr; level = level->parent())
    if (const auto size = level->store().stored_size(name)) return *size;
  return 0;
}

NewObjects find_new(const repo::Repo& repo, const CommitContent& to,
                    const std::optional<CommitContent>& from, unsigned threads,
                    const CancelToken& cancel) {
  const object::ObjectSet known = objects_of(from);
  NewObjects objects;
  std::ranges::copy_if(to.metadata, std::back_inserter(objects.metadata),
                       [&](const ObjectName& name) { return !known.contains(name); });
  std::vector<NewFile> files = collect_files(to, known);
  const auto look = [&](std::size_t index) {
    cancel.check();
    look_at(repo, files[index]);
  };
  repo::for_each_index(files.size(), threads, look, {});
  for (NewFile& file : files)
    (file.header.is_symlink() ? objects.links : objects.files).push_back(std::move(file));
  return objects;
}

std::size_t count_changed(const CommitContent& to, const CommitContent& from) {
  std::size_t count = 0;
  for (const PlacedFile& place : to.files) {
    const auto old = std::ranges::lower_bound(from.files, place.path, {}, &PlacedFile::path);
    if (old != from.files.end() && old->path == place.path && old->file != place.file) ++count;
  }
  return count;
}

}  // namespace xylem::delta
