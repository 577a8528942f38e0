#include "delta/match/source_finder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace xylem::delta {

namespace {

/// Of very common names ("__init__.py") only those that lie nearest are looked at.
constexpr std::ptrdiff_t looked_at = 32;
/// Of each kind of name.
constexpr std::size_t taken = 2;

std::vector<std::string_view> directories_of(std::string_view path) {
  std::vector<std::string_view> names;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/')) {
    names.push_back(path.substr(0, slash));
    path = path.substr(slash + 1);
  }
  return names;
}

/// A place of the old commit, and how near it is.
struct Ranked {
  std::size_t shared = 0;
  double distance = 0;
  const PlacedFile* place = nullptr;
};

bool goes_before(const Ranked& a, const Ranked& b) {
  if (a.shared != b.shared) return a.shared > b.shared;
  if (a.distance != b.distance) return a.distance < b.distance;
  return a.place->path < b.place->path;
}

/// Of two sizes: 0 if they are equal.
double distance(std::uint64_t a, std::uint64_t b) {
  return std::abs(std::log2(static_cast<double>(a + 1)) - std::log2(static_cast<double>(b + 1)));
}

}  // namespace

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string stem_of(std::string_view name) {
  std::string stem;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isdigit(byte) != 0) continue;
    const bool separator = letter == '.' || letter == '-' || letter == '_' || letter == '+';
    if (separator && (stem.empty() || stem.back() == '.')) continue;
    stem += separator ? '.' : letter;
  }
  if (!stem.empty() && stem.back() == '.') stem.pop_back();
  return stem;
}

std::size_t shared_directories(std::string_view a, std::string_view b) {
  const auto first = directories_of(a);
  const auto second = directories_of(b);
  const auto front = std::ranges::mismatch(first, second).in1 - first.begin();
  const auto rest = std::min(std::ssize(first), std::ssize(second)) - front;
  std::ptrdiff_t back = 0;
  while (back < rest && first.rbegin()[back] == second.rbegin()[back]) ++back;
  return static_cast<std::size_t>(front + back);
}

SourceFinder::SourceFinder(const repo::Repo& repo, const CommitContent& old)
    : repo_(repo), old_(old) {
  for (const PlacedFile& file : old.files) {
    const std::string name(base_name(file.path));
    by_name_[name].push_back(&file);
    if (std::string stem = stem_of(name); !stem.empty()) by_stem_[stem].push_back(&file);
  }
}

const PlacedFile* SourceFinder::at_path(std::string_view path) const {
  const auto found = std::ranges::lower_bound(old_.files, path, {}, &PlacedFile::path);
  return found != old_.files.end() && found->path == path ? &*found : nullptr;
}

std::vector<const PlacedFile*> SourceFinder::nearest(const ByName& by_name, const std::string& name,
                                                     std::string_view path,
                                                     std::uint64_t size) const {
  const auto found = by_name.find(name);
  if (found == by_name.end()) return {};
  // Sorted by path, as the files are: what lies nearest is around the place of this one.
  const Places& places = found->second;
  const auto middle = std::ranges::lower_bound(places, path, {}, &PlacedFile::path);
  const auto first = middle - std::min(looked_at, middle - places.begin());
  const auto end = middle + std::min(looked_at, places.end() - middle);
  std::vector<Ranked> ranked;
  for (auto place = first; place != end; ++place)
    if (const auto file = usable((*place)->file))
      ranked.push_back(
          {shared_directories((*place)->path, path), distance(file->size, size), *place});
  std::ranges::sort(ranked, goes_before);
  std::vector<const PlacedFile*> best;
  for (const Ranked& rank : ranked)
    if (best.size() < taken) best.push_back(rank.place);
  return best;
}

std::vector<OldFile> SourceFinder::find(const std::vector<std::string>& paths,
                                        std::uint64_t size) const {
  std::vector<OldFile> found;
  const auto add = [&](const PlacedFile* place) {
    if (place == nullptr || found.size() == max_sources) return;
    const auto file = usable(place->file);
    if (file && std::ranges::find(found, *file) == found.end()) found.push_back(*file);
  };
  for (const std::string& path : paths) add(at_path(path));
  for (const std::string& path : paths) {
    const std::string name(base_name(path));
    for (const PlacedFile* place : nearest(by_name_, name, path, size)) add(place);
    for (const PlacedFile* place : nearest(by_stem_, stem_of(name), path, size)) add(place);
  }
  return found;
}

std::optional<OldFile> SourceFinder::usable(const Checksum& file) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(file); known != known_.end()) return known->second;
  }
  auto looked = look_at(file);
  const std::lock_guard lock(mutex_);
  known_.emplace(file, looked);
  return looked;
}

std::optional<OldFile> SourceFinder::look_at(const Checksum& file) const {
  const repo::LoadedFile loaded = repo_.load_file(file);
  const bool readable = (loaded.header.mode & S_IROTH) != 0;
  if (loaded.header.is_symlink() || loaded.size == 0 || !readable) return std::nullopt;
  return OldFile{file, loaded.size};
}

}  // namespace xylem::delta
