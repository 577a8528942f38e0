#include "xylem/repository.hpp"

#include <utility>

#include "api/repository_impl.hpp"
#include "base/log.hpp"
#include "pull/session.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem {

namespace {

repo::Mode internal_mode(RepositoryMode mode) {
  switch (mode) {
    case RepositoryMode::Archive:
      return repo::Mode::Archive;
    case RepositoryMode::Bare:
      return repo::Mode::Bare;
    case RepositoryMode::BareUser:
      return repo::Mode::BareUser;
    case RepositoryMode::BareUserOnly:
      return repo::Mode::BareUserOnly;
  }
  throw Error(ErrorKind::InvalidArgument, "No such repository mode");
}

}  // namespace

Repository::Repository(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Repository Repository::share() const {
  return Repository(impl_);
}

Repository Repository::open(const std::string& path) {
  return Repository(std::make_shared<Impl>(repo::Repo::open(path)));
}

Repository Repository::open_at(int directory, const std::string& remotes_dir) {
  return Repository(
      std::make_shared<Impl>(repo::Repo::open_at(FileDescriptor(directory), {remotes_dir})));
}

Repository Repository::create(const std::string& path, RepositoryMode mode) {
  return Repository(std::make_shared<Impl>(repo::Repo::create(path, internal_mode(mode))));
}

std::map<std::string, std::string> Repository::refs() const {
  const auto log_bad = [](const object::RefSpec& spec, const Error& error) {
    log_warning("The ref {} is left out: {}", spec.text(), error.what());
  };
  std::map<std::string, std::string> refs;
  for (const auto& [spec, entry] : repo::list_refs(impl_->repo, {}, log_bad))
    refs.emplace(spec.text(), entry.commit.hex());
  return refs;
}

std::optional<std::string> Repository::resolve(const std::string& rev) const {
  const auto commit = repo::try_resolve_rev(impl_->repo, rev);
  if (!commit) return std::nullopt;
  return commit->hex();
}

bool Repository::is_complete(const std::string& commit) const {
  return repo::is_complete(impl_->repo, Checksum::parse(commit));
}

void Repository::set_remote(const std::string& name, const std::string& url,
                            const std::map<std::string, std::string>& options) {
  std::map<std::string, std::string> values = options;
  values.insert_or_assign("url", url);
  impl_->repo.set_remote(name, values);
}

PullResult Repository::pull(const PullOptions& options, PullObserver* observer,
                            const CancelToken& cancel) const {
  // A repository may stay open for weeks: each pull reads the configuration as it is now, and is
  // not disturbed by a set_remote() beside it.
  repo::Repo repo = impl_->repo.reloaded();
  return pull::run(repo, options, observer, cancel);
}

}  // namespace xylem
