#include "pull/source/local_caches.hpp"

#include <fmt/format.h>

#include "pull/source/local_source.hpp"
#include "repo/open_source.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

using Code = PullMessage::Code;

/// A cache that has failed so often is broken, and each further try would only cost time.
constexpr unsigned most_failures = 16;

/// Relative paths of the configuration begin at the repository.
std::vector<std::string> configured_caches(const repo::Repo& repo) {
  auto paths =
      repo.key_file().find_list("core", "localcache-repos").value_or(std::vector<std::string>());
  std::erase(paths, "");
  for (std::string& path : paths)
    if (!path.starts_with('/')) path = repo.path() + "/" + path;
  return paths;
}

}  // namespace

LocalCaches::LocalCaches(const std::vector<std::string>& paths, const repo::Repo& repo,
                         const Messages& messages)
    : messages_(messages) {
  for (const std::string& path : paths) open(path);
  for (const std::string& path : configured_caches(repo)) open(path);
}

void LocalCaches::open(const std::string& path) try {
  auto repo = repo::open_source(path);
  auto lock = repo::ReadLock::try_acquire(repo);
  caches_.push_back(std::unique_ptr<Cache>(new Cache{std::move(repo), std::move(lock)}));
} catch (const Error& error) {
  tell(Code::SourceDropped, path,
       fmt::format("Going on without the local cache {}: {}", path, error.what()));
}

bool LocalCaches::import(repo::Transaction& transaction, const object::ObjectName& name,
                         repo::Trust trust) {
  for (const auto& cache : caches_) {
    if (cache->failures >= most_failures) continue;
    try {
      if (import_from(transaction, cache->repo, name, trust)) return true;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled || error.kind() == ErrorKind::NoSpace) throw;
      note_failure(*cache, name, error);
    }
  }
  return false;
}

void LocalCaches::note_failure(Cache& cache, const object::ObjectName& name,
                               const Error& error) const {
  const std::string& path = cache.repo.path();
  const unsigned failures = ++cache.failures;
  if (failures > most_failures) return;  // threads that were on it already
  tell(Code::ObjectRefetched, path,
       fmt::format("Local cache {}: {}; {} is taken from elsewhere", path, error.what(),
                   name.text()));
  if (failures == most_failures)
    tell(Code::SourceDropped, path,
         fmt::format("Going on without the local cache {0}: {1} objects failed; `xylem fsck "
                     "--repo={0}` tells more",
                     path, failures));
}

void LocalCaches::tell(PullMessage::Code code, const std::string& path, std::string text) const {
  messages_.tell({.code = code, .text = std::move(text), .is_warning = true, .source = path});
}

}  // namespace xylem::pull
